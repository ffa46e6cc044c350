#include <string.h>

#include "base/value.h"
#include "models/models.h"
#include "orm/env.h"
#include "orm/external_id.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "orm/secret.h"

/* What a user's values say of his partner: res.users only shows it. */
static const char *const	 of_partner[] = {
	"name", "email", "lang", "tz",
};

/* Nobody may lock himself, or everybody, out. */
static bool
res_users_active(struct env *env, const struct ids *ids,
    const struct value *active)
{
	if (ids == NULL || active == NULL || value_truthy(active))
		return true;
	if (ids_has(ids, SUPERUSER))
		return env_fail(env, ERR_USER,
		    "The administrator cannot be archived.");
	if (ids_has(ids, env->uid))
		return env_fail(env, ERR_USER,
		    "You cannot archive the user that you are signed in as.");
	return true;
}

/* Basic authentication ends a login at its first colon. */
static bool
res_users_login(struct env *env, const struct model *m,
    const struct value *login)
{
	if (login == NULL || login->type != VALUE_TEXT ||
	    (login->u.text.n != 0 &&
	    memchr(login->u.text.p, ':', login->u.text.n) == NULL))
		return true;
	return err_field(env->err, ERR_VALIDATION, m->name, "login",
	    "A login cannot be empty nor hold a colon.");
}

/* Whether a create is given the field, or a default for it, by the caller. */
static bool
res_users_given(const struct env *env, const struct value *vals,
    const char *field, const char *dflt)
{
	return value_get(vals, field) != NULL ||
	    value_get(env->context, dflt) != NULL;
}

/* The company of whoever makes the user, unless another is given. */
static bool
res_users_company(struct env *env, const struct model *m, struct value *vals)
{
	const char	*field = "company_id";
	struct value	 company;
	bool		 found;

	if (res_users_given(env, vals, field, "default_company_id"))
		return true;
	if (!secret_find(env, m->name, "id", value_int(env->uid), &field, 1,
	    &company, &found))
		return false;
	if (found && company.type == VALUE_INT)
		value_set(env->arena, vals, field, company);
	return true;
}

/* Who is given one company alone has it among his companies. */
static void
res_users_companies(struct env *env, struct value *vals)
{
	const struct value	*company = value_get(vals, "company_id");
	struct value		 list = value_list(env->arena, 1);

	if (company == NULL)
		company = value_get(env->context, "default_company_id");
	if (res_users_given(env, vals, "company_ids", "default_company_ids") ||
	    company == NULL || company->type != VALUE_INT)
		return;
	value_push(env->arena, &list, *company);
	value_set(env->arena, vals, "company_ids", list);
}

/* Who is given no groups is an employee. */
static bool
res_users_employee(struct env *env, struct value *vals)
{
	struct value		 list = value_list(env->arena, 1);
	struct external_id	 group;

	if (res_users_given(env, vals, "groups_id", "default_groups_id"))
		return true;
	if (!external_id_find(env, "base", "group_user", &group))
		return false;
	if (group.id != 0) {
		value_push(env->arena, &list, value_int(group.id));
		value_set(env->arena, vals, "groups_id", list);
	}
	return true;
}

static bool
res_users_may_work(const struct value *company, const struct value *all)
{
	for (size_t i = 0; i < all->u.list->n; i++)
		if (all->u.list->v[i].u.i == company->u.list->v[0].u.i)
			return true;
	return all->u.list->n == 0;
}

/* The company is one of those that the user may work for. */
static bool
res_users_check_company(struct env *env, const struct model *m,
    const struct ids *ids)
{
	const char	*fields[] = { "company_id", "company_ids" };
	struct names	 names = { fields, 2 };
	struct env	 su = env_sudo(env);
	struct records	 rec;

	if (!model_read(&su, m, ids, &names, &rec))
		return false;
	for (size_t i = 0; i < rec.n; i++)
		if (!res_users_may_work(&rec.rows[i][1], &rec.rows[i][2]))
			return err_field(env->err, ERR_VALIDATION, m->name,
			    "company_id", "The company of a user must be one "
			    "of the companies that he may work for "
			    "(company_ids).");
	return true;
}

static size_t
res_users_partner_vals(struct env *env, const struct value *vals,
    struct value *out)
{
	size_t	 n = 0;

	*out = value_dict(env->arena);
	for (size_t i = 0; i < sizeof of_partner / sizeof of_partner[0]; i++) {
		const struct value	*v = value_get(vals, of_partner[i]);

		if (v == NULL)
			continue;
		value_set(env->arena, out, of_partner[i], *v);
		n++;
	}
	return n;
}

/* Values for a partner who is there already. */
static bool
res_users_take_partner(struct env *env, struct env *su, const struct model *m,
    const struct value *vals)
{
	const struct value	*given = value_get(vals, "partner_id");
	struct value		 partner;
	struct ids		 ids = { .n = 1 };
	int64_t			 id;

	if (given == NULL || given->type != VALUE_INT ||
	    res_users_partner_vals(env, vals, &partner) == 0)
		return true;
	id = given->u.i;
	ids.v = &id;
	return model_write(su, m, &ids, &partner);
}

/* With full rights: whoever may make users may make what stands for them. */
static bool
res_users_make_partner(struct env *env, struct value *vals)
{
	const struct model	*m = registry_model(env->reg, "res.partner");
	const struct value	*login = value_get(vals, "login");
	const struct value	*company = value_get(vals, "company_id");
	struct env		 su = env_sudo(env);
	struct value		 partner;
	int64_t			 id;

	su.context = NULL;
	if (m == NULL || login == NULL)
		return true;
	if (res_users_given(env, vals, "partner_id", "default_partner_id"))
		return res_users_take_partner(env, &su, m, vals);
	res_users_partner_vals(env, vals, &partner);
	if (value_get(&partner, "name") == NULL)
		value_set(env->arena, &partner, "name", *login);
	if (company != NULL)
		value_set(env->arena, &partner, "company_id", *company);
	value_set(env->arena, &partner, "customer", value_bool(false));
	if (!model_create(&su, m, &partner, &id))
		return false;
	value_set(env->arena, vals, "partner_id", value_int(id));
	return true;
}

static bool
res_users_write_partners(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *vals)
{
	struct env	 su = env_sudo(env);
	const char	*name = "partner_id";
	struct names	 names = { &name, 1 };
	struct value	 partner;
	struct records	 rec;
	struct ids	 partners = { 0 };

	if (res_users_partner_vals(env, vals, &partner) == 0)
		return true;
	if (!model_read(&su, m, ids, &names, &rec))
		return false;
	for (size_t i = 0; i < rec.n; i++) {
		const struct value	*pair = &rec.rows[i][1];

		if (pair->type == VALUE_LIST)
			ids_add(env, &partners, pair->u.list->v[0].u.i);
	}
	return model_write(&su, registry_model(env->reg, "res.partner"),
	    &partners, &partner);
}

bool
res_users_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	if (!res_users_active(env, ids, value_get(vals, "active")) ||
	    !res_users_login(env, m, value_get(vals, "login")))
		return false;
	if (ids != NULL)
		return res_users_write_partners(env, m, ids, vals);
	if (!res_users_company(env, m, vals) ||
	    !res_users_employee(env, vals) ||
	    !res_users_make_partner(env, vals))
		return false;
	res_users_companies(env, vals);
	return true;
}

bool
res_users_created(struct env *env, const struct model *m, int64_t id)
{
	return res_users_check_company(env, m, &(struct ids){ &id, 1 });
}

bool
res_users_written(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *vals)
{
	return (value_get(vals, "company_id") == NULL &&
	    value_get(vals, "company_ids") == NULL) ||
	    res_users_check_company(env, m, ids);
}

bool
res_users_unlinking(struct env *env, const struct model *m,
    const struct ids *ids)
{
	(void)m;
	if (ids_has(ids, SUPERUSER))
		return env_fail(env, ERR_USER,
		    "The administrator cannot be deleted.");
	return true;
}
