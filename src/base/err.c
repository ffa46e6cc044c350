#include "base/err.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"

struct error_row {
	int		 http;
	const char	*exception;
	int		 level;
};

static const struct error_row	 errors[ERR__MAX] = {
#define ERROR(code, http, name, level)	\
	[ERR_##code] = { http, name, LOG_##level },
#include "base/errors.def"
#undef ERROR
};

/* Cuts to the size at a character's border. */
static void
err_text(char *to, size_t size, const char *fmt, va_list ap)
{
	int	 n = vsnprintf(to, size, fmt, ap);
	size_t	 end = size - 1;

	if (n < 0 || (size_t)n < size)
		return;
	while (end > 0 && ((unsigned char)to[end - 1] & 0xc0) == 0x80)
		end--;
	if (end > 0 && ((unsigned char)to[end - 1] & 0xc0) == 0xc0)
		end--;
	to[end] = '\0';
}

bool
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list	 ap;

	if (e->code != ERR_OK)
		return false;
	e->code = code;
	va_start(ap, fmt);
	err_text(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	return false;
}

bool
err_field(struct err *e, enum err_code code, const char *model,
    const char *field, const char *fmt, ...)
{
	va_list	 ap;

	if (e->code != ERR_OK)
		return false;
	e->code = code;
	snprintf(e->model, sizeof e->model, "%s", model);
	snprintf(e->field, sizeof e->field, "%s", field);
	va_start(ap, fmt);
	err_text(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	return false;
}

void
err_cause(struct err *e, const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	err_text(e->cause, sizeof e->cause, fmt, ap);
	va_end(ap);
}

void
err_clear(struct err *e)
{
	memset(e, 0, sizeof *e);
}

int
err_http(enum err_code code)
{
	return errors[code].http;
}

const char *
err_exception(enum err_code code)
{
	return errors[code].exception;
}

int
err_level(enum err_code code)
{
	return errors[code].level;
}
