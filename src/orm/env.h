#ifndef ORM_ENV_H
#define ORM_ENV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct conf;
struct database;
struct ids;
struct registry;
struct rule_cache;
struct store;
struct value;

/* the user who may do everything (design 6.12) */
#define SUPERUSER	1
/* the language that columns hold */
#define LANG_BASE	"en_US"

enum env_txn { ENV_READ, ENV_WRITE };

/*
 * Who asks, in which transaction: the first argument of everything in the
 * ORM and above.  Lives as long as the request.
 */
struct env {
	struct database		*db;
	struct store		*store;		/* of db */
	const struct registry	*reg;		/* of db, this generation */
	const struct conf	*conf;
	struct arena		*arena;		/* dies with the request */
	struct err		*err;
	int64_t			 uid;		/* 0: nobody yet */
	bool			 su;		/* skip rights and rules */
	bool			 loading;	/* init and migrate alone */
	int			 nested;	/* lists in domains of lists */
	int64_t			 now;		/* one time a transaction */
	int64_t			 depth;	/* of commands inside commands */
	const char		*lang, *tz;	/* or NULL */
	const struct value	*context;	/* a dictionary, or NULL */
	const struct ids	*groups;	/* of uid, once asked for */
	struct rule_cache	*rules;		/* likewise; see rule.h */
};

/*
 * Begins in the env's database and takes the registry of its generation,
 * built anew where another process changed the schema.
 */
bool	 env_begin(struct env *, enum env_txn);
bool	 env_commit(struct env *);
void	 env_rollback(struct env *);
/*
 * A mark inside a write transaction.  keep false: what came after it never
 * was; env->err is not touched.  The registry may be another one after it.
 */
bool	 env_mark(struct env *);
bool	 env_mark_end(struct env *, bool keep);
/* A copy that skips rights and rules. */
struct env	 env_sudo(const struct env *);
/* Takes a dictionary (or NULL) as the context, with its lang and tz. */
void	 env_set_context(struct env *, const struct value *);
/* The language asked for, if it is an active one other than LANG_BASE; or
 * NULL. */
const char	*env_lang(const struct env *);
/* The context's flag, or dflt where it is not given. */
bool	 env_flag(const struct env *, const char *key, bool dflt);
/* The user's groups, implied ones included; one query a request. */
bool	 env_groups(struct env *, const struct ids **);

/* For whoever changed models or rights: all workers build a new registry. */
bool	 env_generation_next(struct env *);
/*
 * Takes the registry of what the transaction has made of the models so far.
 * Whatever points into the one before stays good as long as the request.
 */
bool	 env_reload(struct env *);

#define env_fail(env, code, ...)	err_set((env)->err, (code), __VA_ARGS__)

#endif
