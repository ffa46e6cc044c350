#include "base_case.h"

#include <sys/stat.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/literal.h"
#include "orm/domain.h"
#include "worker/loader.h"
#include "worker/user.h"

#define N(array)	(sizeof array / sizeof array[0])

/* The files of the module shelf. */
static const struct {
	const char	*path, *text;
}	 files[] = {
	{ "module.json", "{\"depends\": [\"base\"], \"models\": [\"t.shelf\","
	    "\"t.book\", \"t.page\", \"t.note\", \"t.locked\", \"t.a\","
	    "\"t.b\", \"t.vault\"], \"data\": [\"ir.model.access.csv\"]}" },
	{ "models/t.shelf.json", "{\"model\": \"t.shelf\", \"name\": \"Shelf\","
	    "\"unique\": [[\"code\"], [\"name\", \"parent_id\"]],"
	    "\"fields\": {"
	    "\"name\": {\"type\": \"char\", \"string\": \"Name\","
	    "  \"required\": true},"
	    "\"code\": {\"type\": \"char\", \"string\": \"Code\"},"
	    "\"pin\": {\"type\": \"char\", \"secret\": true},"
	    "\"active\": {\"type\": \"boolean\", \"default\": true},"
	    "\"parent_id\": {\"type\": \"many2one\", \"string\": \"Above\","
	    "  \"relation\": \"t.shelf\", \"ondelete\": \"cascade\"},"
	    "\"path\": {\"type\": \"char\", \"store\": true, \"compute\":"
	    "  \"if(parent_id, parent_id.path + '/', '') + name\"},"
	    "\"child_ids\": {\"type\": \"one2many\","
	    "  \"string\": \"Below\", \"relation\": \"t.shelf\","
	    "  \"relation_field\": \"parent_id\"},"
	    "\"book_ids\": {\"type\": \"one2many\", \"relation\":"
	    "  \"t.book\", \"relation_field\": \"shelf_id\","
	    "  \"string\": \"Books\"},"
	    "\"seen_by_ids\": {\"type\": \"many2many\", \"relation\":"
	    "  \"t.book\", \"relation_table\": \"t_seen_rel\","
	    "  \"column1\": \"shelf\", \"column2\": \"book\"},"
	    "\"seen\": {\"type\": \"char\", \"store\": true, \"compute\":"
	    "  \"count(seen_by_ids) + '/' + sum(book_ids.pages)\"}}}" },
	{ "models/t.book.json", "{\"model\": \"t.book\", \"name\": \"Book\","
	    "\"fields\": {"
	    "\"name\": {\"type\": \"char\", \"string\": \"Title\","
	    "  \"required\": true},"
	    "\"kind\": {\"type\": \"selection\", \"default\": \"a\","
	    "  \"selection\": [[\"a\", \"A\"], [\"b\", \"B\"]]},"
	    "\"price\": {\"type\": \"float\", \"digits\": [10, 2],"
	    "  \"default\": 1.5},"
	    "\"label\": {\"type\": \"char\", \"required\": true,"
	    "  \"store\": true, \"compute\": \"shelf_id.name + ': ' + name\"},"
	    "\"shelf_id\": {\"type\": \"many2one\", \"string\": \"Shelf\","
	    "  \"relation\": \"t.shelf\", \"required\": true},"
	    "\"page_ids\": {\"type\": \"one2many\", \"relation\":"
	    "  \"t.page\", \"relation_field\": \"book_id\","
	    "  \"copy\": true},"
	    "\"seen_ids\": {\"type\": \"many2many\", \"relation\":"
	    "  \"t.shelf\", \"relation_table\": \"t_seen_rel\","
	    "  \"column1\": \"book\", \"column2\": \"shelf\","
	    "  \"string\": \"Seen on\"},"
	    "\"pages\": {\"type\": \"integer\", \"store\": true,"
	    "  \"compute\": \"count(page_ids)\"},"
	    "\"about\": {\"type\": \"reference\", \"string\": \"About\","
	    "  \"selection\": [[\"t.shelf\", \"Shelf\"],"
	    "    [\"res.partner\", \"Partner\"]]}}}" },
	{ "models/t.page.json", "{\"model\": \"t.page\", \"name\": \"Page\","
	    "\"fields\": {\"name\": {\"type\": \"char\"},"
	    "\"book_id\": {\"type\": \"many2one\", \"relation\": \"t.book\","
	    "  \"required\": true, \"ondelete\": \"cascade\"}}}" },
	{ "models/t.note.json", "{\"model\": \"t.note\", \"name\": \"Note\","
	    "\"fields\": {"
	    "\"shelf_id\": {\"type\": \"many2one\","
	    "  \"relation\": \"t.shelf\"},"
	    "\"where\": {\"type\": \"char\", \"store\": true,"
	    "  \"compute\": \"'at ' + shelf_id.name\"},"
	    "\"amount\": {\"type\": \"monetary\", \"digits\": [16, 4]},"
	    "\"currency_id\": {\"type\": \"many2one\","
	    "  \"relation\": \"res.currency\"},"
	    "\"scan\": {\"type\": \"binary\"}}}" },
	{ "models/t.locked.json", "{\"model\": \"t.locked\", \"name\":"
	    "\"Locked\", \"locked\": true, \"fields\": {"
	    "\"name\": {\"type\": \"char\"}}}" },
	{ "models/t.a.json", "{\"model\": \"t.a\", \"name\": \"A\","
	    "\"fields\": {\"b_id\": {\"type\": \"many2one\","
	    "\"relation\": \"t.b\", \"ondelete\": \"cascade\"},"
	    "\"partner_id\": {\"type\": \"many2one\", \"string\": \"Who\","
	    "\"relation\": \"res.partner\", \"ondelete\": \"restrict\"}}}" },
	{ "models/t.b.json", "{\"model\": \"t.b\", \"name\": \"B\","
	    "\"fields\": {\"a_id\": {\"type\": \"many2one\","
	    "\"relation\": \"t.a\", \"ondelete\": \"cascade\"}}}" },
	{ "models/t.vault.json", "{\"model\": \"t.vault\", \"name\":"
	    "\"Vault\", \"order\": \"code, name\", \"fields\": {"
	    "\"name\": {\"type\": \"char\"},"
	    "\"code\": {\"type\": \"char\", \"default\": \"d\","
	    "  \"groups\": \"base.group_erp_manager,base.group_portal\"},"
	    "\"up_id\": {\"type\": \"many2one\","
	    "  \"relation\": \"t.vault\"},"
	    "\"peer_name\": {\"type\": \"char\","
	    "  \"compute\": \"peer_id.name\"},"
	    "\"peer_id\": {\"type\": \"many2one\","
	    "  \"relation\": \"t.vault\","
	    "  \"groups\": \"base.group_erp_manager\"}}}" },
	{ "ir.model.access.csv", "id,name,model_id:id,group_id:id,perm_read,"
	    "perm_write,perm_create,perm_unlink\n"
	    "s,s,model_t_shelf,base.group_user,1,0,0,0\n"
	    "b,b,model_t_book,base.group_user,1,0,0,0\n"
	    "be,be,model_t_book,base.group_partner_manager,1,1,1,1\n"
	    "p,p,model_t_page,base.group_user,0,1,0,0\n"
	    "n,n,model_t_note,base.group_user,0,0,1,0\n"
	    "a,a,model_t_a,base.group_user,0,0,0,1\n"
	    "v,v,model_t_vault,,1,1,1,1\n"
	    "l,l,model_t_locked,,1,1,1,1\n" },
};

static const struct {
	const char	*login, *groups[2];
}	 users[] = {
	{ "demo", { NULL } },
	{ "editor", { "base.group_partner_manager", NULL } },
	{ "manager", { "base.group_erp_manager", NULL } },
};

static const char *
top(void)
{
	const char	*dir = getenv("TOP_SRCDIR");

	return dir == NULL ? "." : dir;
}

static void
folder(struct base_case *c, const char *path)
{
	char	 name[PATH_MAX];

	snprintf(name, sizeof name, "%s/%s", c->dir, path);
	assert_int_equal(mkdir(name, 0700), 0);
}

static void
put(struct base_case *c, const char *path, const char *text)
{
	char	 name[PATH_MAX];
	FILE	*f;

	snprintf(name, sizeof name, "%s/schema/shelf/%s", c->dir, path);
	f = fopen(name, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
schema(struct base_case *c)
{
	char	 base[PATH_MAX], real[PATH_MAX], link[PATH_MAX];

	folder(c, "data");
	folder(c, "schema");
	folder(c, "schema/shelf");
	folder(c, "schema/shelf/models");
	for (size_t i = 0; i < N(files); i++)
		put(c, files[i].path, files[i].text);
	snprintf(base, sizeof base, "%s/schema/base", top());
	assert_non_null(realpath(base, real));
	snprintf(link, sizeof link, "%s/schema/base", c->dir);
	assert_int_equal(symlink(real, link), 0);
	c->app.conf.schema_dir = arena_printf(c->app.arena, "%s/schema",
	    c->dir);
	c->app.conf.iso_codes_dir = arena_printf(c->app.arena,
	    "%s/tests/data/iso-codes", top());
}

static void
add_users(struct base_case *c)
{
	for (size_t i = 0; i < N(users); i++) {
		int64_t	 uid;

		done(c, user_create(&c->env, users[i].login, users[i].login,
		    &uid));
		for (size_t j = 0; users[i].groups[j] != NULL; j++)
			done(c, user_join(&c->env, uid, users[i].groups[j]));
	}
}

int
base_case_make(void **state)
{
	static const char *const	 modules[] = { "shelf" };
	struct base_case		*c = calloc(1, sizeof *c);
	struct loader_passwords		 passwords;

	assert_non_null(c);
	strcpy(c->dir, "/tmp/base_case-XXXXXX");
	assert_non_null(mkdtemp(c->dir));
	snprintf(c->data, sizeof c->data, "%s/data", c->dir);
	done(c, app_open(&c->app, "/dev/null", c->data, &c->err));
	schema(c);
	done(c, loader_init(&c->app, "shelf", modules, 1, &passwords,
	    &c->err));
	*state = c;
	base_case_open(state);
	add_users(c);
	done(c, env_commit(&c->env));
	return base_case_close(state);
}

int
base_case_drop(void **state)
{
	struct base_case	*c = *state;
	char			 command[128];

	app_close(&c->app);
	snprintf(command, sizeof command, "rm -rf '%s'", c->dir);
	assert_int_equal(system(command), 0);
	free(c);
	return 0;
}

int
base_case_open(void **state)
{
	struct base_case	*c = *state;

	c->a = arena_new();
	err_clear(&c->err);
	c->env = (struct env){ .conf = &c->app.conf, .arena = c->a,
	    .err = &c->err, .uid = SUPERUSER };
	c->env.db = databases_named(c->app.dbs, "shelf", &c->err);
	done(c, c->env.db != NULL && database_open(c->env.db, &c->err) &&
	    env_begin(&c->env, ENV_WRITE));
	return 0;
}

int
base_case_close(void **state)
{
	struct base_case	*c = *state;

	env_rollback(&c->env);
	arena_free(c->a);
	return 0;
}

void
done(struct base_case *c, bool ok)
{
	if (!ok)
		fail_msg("%s (%s)", c->err.msg, c->err.cause);
}

void
refused(struct base_case *c, bool ok, enum err_code code, const char *text)
{
	if (ok)
		fail_msg("not refused: %s", text);
	if (c->err.code != code || strstr(c->err.msg, text) == NULL)
		fail_msg("%d %s, not %s", c->err.code, c->err.msg, text);
	err_clear(&c->err);
}

void
again(struct base_case *c)
{
	env_rollback(&c->env);
	done(c, env_begin(&c->env, ENV_WRITE));
}

void
as(struct base_case *c, const char *login)
{
	struct env	 su = env_sudo(&c->env);

	su.uid = SUPERUSER;
	done(c, user_find(&su, login, &c->env.uid));
	c->env.groups = NULL;
}

void
context(struct base_case *c, const char *text)
{
	struct value	*v = arena_alloc(c->a, sizeof *v);

	*v = text == NULL ? value_null() : literal(c, text);
	env_set_context(&c->env, text == NULL ? NULL : v);
}

const struct model *
model(struct base_case *c, const char *name)
{
	const struct model	*m = registry_model(c->env.reg, name);

	if (m == NULL)
		fail_msg("there is no %s", name);
	return m;
}

struct value
literal(struct base_case *c, const char *text)
{
	struct value	 v;

	done(c, literal_parse(c->a, span_of(arena_strdup(c->a, text)),
	    &parse_limits_default, &v, &c->err));
	return v;
}

struct ids
one(struct base_case *c, int64_t id)
{
	struct ids	 ids = { 0 };

	ids_add(&c->env, &ids, id);
	return ids;
}

bool
create(struct base_case *c, const char *name, const char *vals, int64_t *id)
{
	struct value	 dict = literal(c, vals);

	return model_create(&c->env, model(c, name), &dict, id);
}

bool
change(struct base_case *c, const char *name, struct ids ids,
    const char *vals)
{
	struct value	 dict = literal(c, vals);

	return model_write(&c->env, model(c, name), &ids, &dict);
}

int64_t
add(struct base_case *c, const char *name, const char *vals)
{
	int64_t	 id = 0;

	done(c, create(c, name, vals, &id));
	return id;
}

struct value
get(struct base_case *c, const char *name, int64_t id, const char *field)
{
	struct env	 su = env_sudo(&c->env);
	struct ids	 ids = one(c, id);
	struct names	 names = { &field, 1 };
	struct records	 rec;

	done(c, model_read(&su, model(c, name), &ids, &names, &rec));
	assert_int_equal(rec.n, 1);
	return rec.rows[0][rec.nfields - 1];
}

void
assert_text(struct base_case *c, const char *name, int64_t id,
    const char *field, const char *text)
{
	struct value	 v = get(c, name, id, field);

	if (text == NULL) {
		assert_int_equal(v.type, VALUE_NULL);
		return;
	}
	assert_int_equal(v.type, VALUE_TEXT);
	assert_string_equal(v.u.text.p, text);
}

bool
there(struct base_case *c, const char *name, int64_t id)
{
	struct ids	 ids = one(c, id), found;

	done(c, model_exists(&c->env, model(c, name), &ids, &found));
	return found.n == 1;
}

bool
find(struct base_case *c, const char *name, const char *domain,
    const char *order, struct ids *ids)
{
	struct page		 page = { order, 0, 0 };
	const struct domain	*d = NULL;
	struct value		 v;

	if (domain != NULL) {
		v = literal(c, domain);
		done(c, domain_parse(&c->env, &v, &d));
	}
	return model_search(&c->env, model(c, name), d, &page, ids);
}

int64_t
changes(struct base_case *c, const char *name, int64_t id,
    const char *operation)
{
	struct env		 su = env_sudo(&c->env);
	const struct domain	*d = NULL;
	int64_t			 n;

	d = domain_and(&su, d, domain_term(&su, "model", "=",
	    value_text(name)));
	if (id != 0)
		d = domain_and(&su, d, domain_term(&su, "res_id", "=",
		    value_int(id)));
	d = domain_and(&su, d, domain_term(&su, "operation", "=",
	    value_text(operation)));
	done(c, model_count(&su, model(c, "ir.change"), d, &n));
	return n;
}

int64_t
spent(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
