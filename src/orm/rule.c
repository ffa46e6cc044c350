#include "orm/rule.h"

#include "orm/env.h"
#include "orm/model.h"

bool
rule_where(struct env *env, const struct model *m, enum access what,
    const struct expr **where)
{
	(void)what;
	*where = NULL;
	return m->nrules == 0 || env_fail(env, ERR_INTERNAL,
	    "%s has record rules", m->name);
}

bool
rule_check(struct env *env, const struct model *m, enum access what,
    const struct ids *ids)
{
	const struct expr	*where;

	(void)ids;
	return rule_where(env, m, what, &where);
}
