#include "base/conf.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/map.h"

#define ENV_PREFIX	"CARDFILE_"
#define DATABASE_MAX	63

extern char	**environ;

enum conf_kind { KIND_TEXT, KIND_FLAG, KIND_SIZE, KIND_WORD };

/* One row of conf.def, and where its value goes in struct conf. */
struct conf_key {
	const char	*name;
	enum conf_kind	 kind;
	size_t		 offset;
	const char	*text;		/* default of TEXT and WORD */
	int64_t		 number;	/* default of SIZE and FLAG */
	int64_t		 min, max;
	const char	*words;
};

static const struct conf_key	 conf_keys[] = {
#define CONF_ROW(key, ...)	{ #key, __VA_ARGS__ },
#define AT(key)			offsetof(struct conf, key)
#define CONF_TEXT(key, dflt, help) \
	CONF_ROW(key, KIND_TEXT, AT(key), dflt, 0, 0, 0, NULL)
#define CONF_FLAG(key, dflt, help) \
	CONF_ROW(key, KIND_FLAG, AT(key), NULL, dflt, 0, 0, NULL)
#define CONF_SIZE(key, dflt, min, max, help) \
	CONF_ROW(key, KIND_SIZE, AT(key), NULL, dflt, min, max, NULL)
#define CONF_WORD(key, dflt, words, help) \
	CONF_ROW(key, KIND_WORD, AT(key), dflt, 0, 0, 0, words)
#include "base/conf.def"
};

#define CONF_COUNT	(sizeof conf_keys / sizeof *conf_keys)

/* A configuration on its way in; where names the place for messages. */
struct reading {
	struct arena	*arena;
	struct conf	*conf;
	struct err	*err;
	FILE		*stream;
	int		 line;
	const char	*where;
	bool		 seen[CONF_COUNT];
};

static bool
conf_size(struct reading *r, const struct conf_key *k, const char *text)
{
	static const char	 units[] = "KMG";
	const char		*unit;
	int64_t			 n;
	char			*end;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (end == text || isspace((unsigned char)*text))
		return err_set(r->err, ERR_VALUE,
		    "%s: %s must be a number, not \"%s\"", r->where, k->name,
		    text);
	if (*end != '\0' &&
	    (unit = strchr(units, toupper((unsigned char)*end))) != NULL) {
		if (__builtin_mul_overflow(n,
		    INT64_C(1024) << 10 * (unit - units), &n))
			errno = ERANGE;
		end++;
	}
	if (*end != '\0')
		return err_set(r->err, ERR_VALUE,
		    "%s: %s must be a number, K, M or G may follow, "
		    "not \"%s\"", r->where, k->name, text);
	if (errno != 0 || n < k->min || n > k->max)
		return err_set(r->err, ERR_VALUE,
		    "%s: %s must be between %lld and %lld, not %s", r->where,
		    k->name, (long long)k->min, (long long)k->max, text);
	*(int64_t *)((char *)r->conf + k->offset) = n;
	return true;
}

static bool
conf_flag(struct reading *r, const struct conf_key *k, const char *text)
{
	static const char *const	 words[] = {
		"false", "true", "no", "yes", "off", "on", "0", "1"
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		*(bool *)((char *)r->conf + k->offset) = i % 2 == 1;
		return true;
	}
	return err_set(r->err, ERR_VALUE,
	    "%s: %s must be true or false, not \"%s\"", r->where, k->name,
	    text);
}

static bool
conf_text(struct reading *r, const struct conf_key *k, const char *text)
{
	*(const char **)((char *)r->conf + k->offset) =
	    arena_strdup(r->arena, text);
	return true;
}

static bool
conf_word(struct reading *r, const struct conf_key *k, const char *text)
{
	size_t	 n;

	for (const char *w = k->words; *w != '\0'; w += n + (w[n] == ' ')) {
		n = strcspn(w, " ");
		if (strlen(text) == n && strncmp(w, text, n) == 0)
			return conf_text(r, k, text);
	}
	return err_set(r->err, ERR_VALUE,
	    "%s: %s must be one of: %s; not \"%s\"", r->where, k->name,
	    k->words, text);
}

static bool
conf_set(struct reading *r, const struct conf_key *k, const char *text)
{
	switch (k->kind) {
	case KIND_SIZE:
		return conf_size(r, k, text);
	case KIND_FLAG:
		return conf_flag(r, k, text);
	case KIND_WORD:
		return conf_word(r, k, text);
	default:
		return conf_text(r, k, text);
	}
}

static void
conf_defaults(struct conf *c)
{
	for (const struct conf_key *k = conf_keys; k < conf_keys + CONF_COUNT;
	    k++) {
		void	*at = (char *)c + k->offset;

		if (k->kind == KIND_SIZE)
			*(int64_t *)at = k->number;
		else if (k->kind == KIND_FLAG)
			*(bool *)at = k->number != 0;
		else
			*(const char **)at = k->text;
	}
}

static const struct conf_key *
conf_find(const char *name)
{
	for (size_t i = 0; i < CONF_COUNT; i++)
		if (strcmp(conf_keys[i].name, name) == 0)
			return &conf_keys[i];
	return NULL;
}

/* A line of [hosts]: host = database. */
static bool
conf_host(struct reading *r, const char *host, const char *database)
{
	char	*key = arena_strdup(r->arena, host);
	size_t	 n = strspn(database, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	if (n == 0 || n > DATABASE_MAX || database[n] != '\0')
		return err_set(r->err, ERR_VALUE,
		    "%s: \"%s\" is no name of a database", r->where, database);
	for (char *c = key; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	if (map_get(r->conf->hosts, span_of(key)) != NULL)
		return err_set(r->err, ERR_VALUE,
		    "%s: the host %s is given twice", r->where, key);
	map_put(r->conf->hosts, span_of(key),
	    arena_strdup(r->arena, database));
	return true;
}

/* One "name = text" of the file. */
static int
conf_entry(void *arg, const char *section, const char *name, const char *text)
{
	struct reading		*r = arg;
	const struct conf_key	*k;

	r->where = arena_printf(r->arena, "%s:%d", r->conf->file, r->line);
	if (strcmp(section, "hosts") == 0)
		return conf_host(r, name, text);
	if (*section != '\0' && strcmp(section, "cardfile") != 0)
		return err_set(r->err, ERR_VALUE,
		    "%s: there is no section [%s]", r->where, section);
	if ((k = conf_find(name)) == NULL)
		return err_set(r->err, ERR_VALUE,
		    "%s: there is no key \"%s\"", r->where, name);
	/* An indented line, which INI takes for more of the last, ends here. */
	if (r->seen[k - conf_keys])
		return err_set(r->err, ERR_VALUE,
		    "%s: %s is given twice, or a line begins with a space",
		    r->where, name);
	r->seen[k - conf_keys] = true;
	return conf_set(r, k, text);
}

/* fgets that counts lines and does not let one be split in two. */
static char *
conf_line(char *line, int size, void *arg)
{
	struct reading	*r = arg;
	size_t		 n;

	if (fgets(line, size, r->stream) == NULL)
		return NULL;
	r->line++;
	n = strlen(line);
	if (n + 1 == (size_t)size && line[n - 1] != '\n' &&
	    !feof(r->stream)) {
		err_set(r->err, ERR_VALUE, "%s:%d: the line is too long",
		    r->conf->file, r->line);
		return NULL;
	}
	return line;
}

static bool
conf_file(struct reading *r, const char *file, bool must)
{
	int	 bad;

	if ((r->stream = fopen(file, "re")) == NULL) {
		if (!must && errno == ENOENT)
			return true;
		return err_set(r->err, ERR_VALUE, "%s: %s", file,
		    strerror(errno));
	}
	r->conf->file = arena_strdup(r->arena, file);
	bad = ini_parse_stream(conf_line, r, conf_entry, r);
	if (ferror(r->stream))
		err_set(r->err, ERR_VALUE, "%s: cannot be read", file);
	fclose(r->stream);
	if (bad != 0)
		err_set(r->err, ERR_VALUE,
		    "%s:%d: this is no \"key = value\"", file, bad);
	return r->err->code == ERR_OK;
}

/* A variable CARDFILE_KEY that is neither a key nor known elsewhere. */
static bool
conf_variable(struct reading *r, const char *name, const char *text)
{
	const char		*rest = name + strlen(ENV_PREFIX);
	char			*key = arena_strdup(r->arena, rest);
	const struct conf_key	*k;
	int64_t			 now;

	if (strcmp(rest, "CONF") == 0)
		return true;
	if (strcmp(rest, "NOW") == 0 && datetime_parse(span_of(text), &now))
		return true;
	if (strcmp(rest, "NOW") == 0)
		return err_set(r->err, ERR_VALUE,
		    "%s must be YYYY-MM-DD HH:MM:SS, not \"%s\"", name, text);
	for (char *c = key; *c != '\0'; c++)
		*c = islower((unsigned char)*c) ? '?' :
		    (char)tolower((unsigned char)*c);
	if ((k = conf_find(key)) == NULL)
		return err_set(r->err, ERR_VALUE,
		    "the environment variable %s is no key of the "
		    "configuration", name);
	r->where = name;
	return conf_set(r, k, text);
}

static bool
conf_environment(struct reading *r)
{
	for (char **e = environ; e != NULL && *e != NULL; e++) {
		const char	*equals = strchr(*e, '=');

		if (equals == NULL ||
		    strncmp(*e, ENV_PREFIX, strlen(ENV_PREFIX)) != 0)
			continue;
		if (!conf_variable(r, arena_strndup(r->arena, *e,
		    (size_t)(equals - *e)), equals + 1))
			return false;
	}
	return true;
}

bool
conf_load(struct arena *a, const char *file, const char *fallback,
    struct conf *conf, struct err *err)
{
	struct reading	 r = { .arena = a, .conf = conf, .err = err };
	bool		 must = true;

	memset(conf, 0, sizeof *conf);
	conf->hosts = map_new(a);
	conf_defaults(conf);
	if (file == NULL)
		file = getenv(ENV_PREFIX "CONF");
	if (file == NULL || *file == '\0') {
		file = fallback;
		must = false;
	}
	if (file != NULL && !conf_file(&r, file, must))
		return false;
	return conf_environment(&r);
}
