"""A plain client of the API, over a connection for each request."""
import http.client
import json
import urllib.parse

OBJECT = "/restapi/1.0/object/"
PARTNER = OBJECT + "res.partner"


class Failed(Exception):
    pass


class Client:
    def __init__(self, url, key):
        parts = urllib.parse.urlsplit(url)
        self.host, self.mount, self.key = parts.netloc, parts.path, key

    def ask(self, method, path, body=None):
        """Status and body; Failed if there is no answer."""
        c = http.client.HTTPConnection(self.host, timeout=20)
        headers = {"Authorization": "Bearer " + self.key}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        try:
            c.request(method, self.mount + path, body, headers)
            r = c.getresponse()
            return r.status, r.read()
        except (OSError, http.client.HTTPException) as e:
            raise Failed(repr(e)) from e
        finally:
            c.close()

    def call(self, method, path, body=None):
        """The answer as an object; Failed for all but a 200."""
        status, data = self.ask(method, path, body)
        if status != 200:
            raise Failed("%s %s: %d %r" % (method, path, status, data[:500]))
        return json.loads(data)

    def make(self, model, /, **vals):
        """The id of a new record."""
        answer = self.call("POST", OBJECT + model, {"vals": vals})
        return answer[model]["id"]

    def create(self, name, /, **vals):
        return self.make("res.partner", name=name, **vals)

    def write(self, model, ident, /, **vals):
        self.call("PUT", "%s%s/%d" % (OBJECT, model, ident), {"vals": vals})

    def unlink(self, model, ident):
        self.call("DELETE", "%s%s/%d" % (OBJECT, model, ident))

    def method(self, model, name, /, **arguments):
        answer = self.call("POST", "%s%s/%s" % (OBJECT, model, name),
                           arguments)
        return answer[model]

    def read(self, model, domain, *fields):
        return self.method(model, "search_read", domain=domain,
                           fields=list(fields))

    def count(self, name):
        domain = json.dumps([["name", "=", name]])
        return self.call("GET", PARTNER + "/search_count?domain="
                         + urllib.parse.quote(domain))["count"]

    def names(self, ids):
        """id -> name, of those that are there."""
        out = {}
        for i in range(0, len(ids), 80):
            piece = ",".join(map(str, ids[i:i + 80]))
            answer = self.call(
                "GET", PARTNER + "?fields=['name']&ids=" + piece)
            out.update((r["id"], r["name"]) for r in answer["res.partner"])
        return out
