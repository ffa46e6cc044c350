/*
 * ir.attachment: contents up to FILE_LEAST lie in the row, larger ones in a
 * file that the row names in store_fname; its datas are then of no bytes.
 */

#include <string.h>

#include "base/arena.h"
#include "base/codec.h"
#include "base/crypto.h"
#include "base/map.h"
#include "models/ir_attachment.h"
#include "models/models.h"
#include "orm/env.h"
#include "orm/files.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "orm/rule.h"
#include "orm/secret.h"

#define FILE_LEAST	(1 << 20)	/* bytes; more go to a file */

/* What is told of the contents and nobody sets. */
static const char *const	 attachment_told[] = {
	"file_size", "checksum", "res_name",
};

static bool
attachment_is_told(struct span name)
{
	for (size_t i = 0; i < sizeof attachment_told /
	    sizeof attachment_told[0]; i++)
		if (span_is(name, attachment_told[i]))
			return true;
	return false;
}

/* created: nor is it a default of the caller's. */
static void
attachment_drop(struct env *env, struct value *vals, bool created)
{
	struct value	 kept = value_dict(env->arena);

	for (size_t i = 0; i < map_count(vals->u.dict); i++)
		if (!attachment_is_told(map_key(vals->u.dict, i)))
			value_set(env->arena, &kept,
			    map_key(vals->u.dict, i).p,
			    *(struct value *)map_at(vals->u.dict, i));
	for (size_t i = 0; created && i < sizeof attachment_told /
	    sizeof attachment_told[0]; i++)
		value_set(env->arena, &kept, attachment_told[i],
		    value_null());
	*vals = kept;
}

/* The type that the caller, the contents or the name say. */
static void
attachment_type(struct env *env, struct value *vals, struct span contents)
{
	const struct value	*name = value_get(vals, "datas_fname");
	const struct value	*given = value_get(vals, "mimetype");

	if (given != NULL && value_truthy(given))
		return;
	if (name == NULL || name->type != VALUE_TEXT)
		name = value_get(vals, "name");
	value_set(env->arena, vals, "mimetype", value_text(attachment_mimetype(
	    contents, name == NULL || name->type != VALUE_TEXT ?
	    span_of("") : name->u.text)));
}

static bool
attachment_put(struct env *env, struct value *vals, struct span contents)
{
	char	 sha256[SHA256_HEX], sha1[SHA1_HEX];
	bool	 large = contents.n > FILE_LEAST;

	if (large && !files_put(env, contents, sha256))
		return false;
	crypto_sha1_hex(contents, sha1);
	value_set(env->arena, vals, "store_fname", large ?
	    value_text(arena_strdup(env->arena, sha256)) : value_null());
	value_set(env->arena, vals, "datas", (struct value){
	    .type = VALUE_BYTES, .u.text = large ? span_of("") : contents });
	value_set(env->arena, vals, "file_size",
	    value_int((int64_t)contents.n));
	value_set(env->arena, vals, "checksum",
	    value_text(arena_strdup(env->arena, sha1)));
	attachment_type(env, vals, contents);
	return true;
}

/* Contents that are no base64 are told by the field. */
static bool
attachment_take(struct env *env, struct value *vals)
{
	const struct value	*v = value_get(vals, "datas");
	struct span		 contents;

	if (v == NULL)
		return true;
	if (v->type == VALUE_BYTES)
		return attachment_put(env, vals, v->u.text);
	if (v->type == VALUE_TEXT)
		return !base64_decode(env->arena, v->u.text, &contents) ||
		    attachment_put(env, vals, contents);
	if (v->type != VALUE_NULL && (v->type != VALUE_BOOL || v->u.b))
		return true;
	value_set(env->arena, vals, "store_fname", value_null());
	value_set(env->arena, vals, "file_size", value_int(0));
	value_set(env->arena, vals, "checksum", value_null());
	return true;
}

static bool
attachment_release(struct env *env, const struct model *m,
    const struct ids *ids)
{
	const char	*field = "store_fname";
	struct value	 name;
	bool		 found;

	for (size_t i = 0; i < ids->n; i++) {
		if (!secret_find(env, m->name, "id", value_int(ids->v[i]),
		    &field, 1, &name, &found))
			return false;
		if (found && name.type == VALUE_TEXT)
			files_release(env, name.u.text.p);
	}
	return true;
}

bool
ir_attachment_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	attachment_drop(env, vals, ids == NULL);
	if (ids != NULL && value_get(vals, "datas") != NULL &&
	    !attachment_release(env, m, ids))
		return false;
	return attachment_take(env, vals);
}

/* The name of the record that it belongs to, as it is now. */
static bool
attachment_record(struct env *env, const struct value *model,
    const struct value *id, struct value *name)
{
	const char		*display = "display_name";
	const struct names	 names = { &display, 1 };
	const struct model	*m;
	struct env		 su = env_sudo(env);
	struct records		 r;

	*name = value_null();
	if (model->type != VALUE_TEXT || id->type != VALUE_INT ||
	    (m = registry_model(env->reg, model->u.text.p)) == NULL)
		return true;
	su.context = NULL;
	su.lang = NULL;
	if (!model_read(&su, m, &(struct ids){ (int64_t[]){ id->u.i }, 1 },
	    &names, &r))
		return false;
	if (r.n != 0)
		*name = r.rows[0][1];
	return true;
}

static bool
attachment_name(struct env *env, const struct model *m, int64_t id)
{
	const char	*fields[] = { "res_model", "res_id" };
	struct value	 of[2], name;
	bool		 found;

	return secret_find(env, m->name, "id", value_int(id), fields, 2, of,
	    &found) && attachment_record(env, &of[0], &of[1], &name) &&
	    secret_set(env, m->name, id, "res_name", name);
}

bool
ir_attachment_created(struct env *env, const struct model *m, int64_t id)
{
	return attachment_name(env, m, id);
}

/* It may have come to belong to another record, which must be the user's to
 * change as well. */
bool
ir_attachment_written(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *vals)
{
	if (value_get(vals, "res_model") == NULL &&
	    value_get(vals, "res_id") == NULL &&
	    value_get(vals, "res_field") == NULL)
		return true;
	for (size_t i = 0; i < ids->n; i++)
		if (!attachment_name(env, m, ids->v[i]))
			return false;
	return rule_check(env, m, ACCESS_WRITE, ids);
}

bool
ir_attachment_unlinking(struct env *env, const struct model *m,
    const struct ids *ids)
{
	return attachment_release(env, m, ids);
}
