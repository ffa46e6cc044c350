#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>

enum err_code {
#define ERROR(code, http, name, level)	ERR_##code,
#include "base/errors.def"
#undef ERROR
	ERR__MAX
};

#define MUST_CHECK	__attribute__((warn_unused_result))

/*
 * What went wrong: a value, nothing to free.  The first failure is kept.
 * msg is for the client; cause is for the log only and may name the machine.
 */
struct err {
	enum err_code	 code;
	char		 model[64];
	char		 field[64];
	char		 msg[384];
	char		 cause[256];
};

/* Both return false, so that a function can end with them. */
bool	 err_set(struct err *, enum err_code, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
bool	 err_field(struct err *, enum err_code, const char *model,
	    const char *field, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));
/* Adds what the log shall say besides. */
void	 err_cause(struct err *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	 err_clear(struct err *);

int		 err_http(enum err_code);	/* HTTP status */
const char	*err_exception(enum err_code);	/* "AccessError" */
int		 err_level(enum err_code);	/* enum log_level */

#endif
