-- What wrk asks: wrk ... -s load.lua URL -- OPERATION KEY PARTNERS COUNTRIES
-- Ids are FIRST:LAST, countries are ids with commas between.
local object = "/restapi/1.0/object/res.partner"
local threads = 0

function setup(thread)
	thread:set("number", threads)
	threads = threads + 1
end

local function any_id()
	return math.random(first, last)
end

local function any_domain()
	return "domain=[('country_id','=',"
	    .. countries[math.random(#countries)]
	    .. "),('is_company','=',True)]"
end

-- 80 ids, ascending, far apart
local function any_ids()
	local step = math.random(1, math.floor((last - first) / 80))
	local id = math.random(first, last - 79 * step)
	local ids = {}
	for i = 1, 80 do
		ids[i] = id
		id = id + step
	end
	return table.concat(ids, ",")
end

-- never the same twice: SQLite skips a write that changes nothing
local function fresh()
	counter = counter + 1
	return string.format("%d %d %d", started, number, counter)
end

local operations = {}

function operations.read1()
	return "GET", object .. "/" .. any_id()
end

function operations.read80()
	return "GET", object .. "?ids=" .. any_ids()
end

function operations.search()
	return "GET", object .. "/search?" .. any_domain()
	    .. "&order=name&limit=80"
end

function operations.search_read()
	return "GET", object .. "?" .. any_domain() .. "&order=name&limit=80"
end

function operations.count()
	return "GET", object .. "/search_count?" .. any_domain()
end

function operations.update()
	return "PUT", object .. "/" .. any_id() .. "?vals={'phone':'"
	    .. fresh():gsub(" ", "-") .. "'}"
end

function operations.create()
	return "POST", object .. "?vals={'name':'Made-"
	    .. fresh():gsub(" ", "-") .. "','country_id':" .. spare
	    .. ",'is_company':true}"
end

function operations.mix()
	if math.random(10) == 1 then
		return operations.update()
	end
	return operations.read1()
end

function operations.fixed()
	return "GET", "/?" .. size
end

local escapes = { ["'"] = "%27", ["{"] = "%7B", ["}"] = "%7D",
    ["["] = "%5B", ["]"] = "%5D", ["("] = "%28", [")"] = "%29" }

function init(args)
	operation = operations[args[1]]
	wrk.headers["Authorization"] = "Bearer " .. args[2]
	wrk.headers["Accept"] = args[5]
	first, last, spare = args[3]:match("(%d+):(%d+):(%d+)")
	first, last = tonumber(first), tonumber(last)
	size = args[3]
	countries = {}
	for id in (args[4] or ""):gmatch("%d+") do
		countries[#countries + 1] = id
	end
	counter = 0
	started = os.time()
	math.randomseed(started * 100 + number)
end

function request()
	local method, path = operation()
	path = path:gsub("[%['{}%]()]", escapes)
	return wrk.format(method, path, nil, method ~= "GET" and "" or nil)
end

function done(summary, latency)
	local e = summary.errors
	io.write(string.format("RESULT %d %d %d %d %d %d\n",
	    summary.requests, summary.duration,
	    e.connect + e.read + e.write + e.timeout, e.status,
	    latency:percentile(50), latency:percentile(99)))
end
