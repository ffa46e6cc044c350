/* cardfile doctor: what is wrong, each with the line that cures it. */

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "worker/doctor.h"

void
doctor_problem(struct doctor *d, const char *cure, const char *fmt, ...)
{
	struct arena	*a = d->admin->arena;
	struct value	 v = value_dict(a);
	char		*text;
	va_list		 ap;

	va_start(ap, fmt);
	text = arena_vprintf(a, fmt, ap);
	va_end(ap);
	value_set(a, &v, "problem", value_text(text));
	value_set(a, &v, "cure", value_text(cure));
	value_push(a, &d->findings, v);
	if (d->admin->options[ADMIN_JSON] == NULL)
		printf("problem: %s\n   cure: %s\n", text, cure);
}

void
doctor_well(struct doctor *d, const char *fmt, ...)
{
	va_list	 ap;

	if (d->admin->options[ADMIN_JSON] != NULL)
		return;
	va_start(ap, fmt);
	printf("     ok: ");
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
}

static bool
doctor_conf(struct doctor *d)
{
	struct admin	*a = d->admin;

	if (!admin_open(a)) {
		doctor_problem(d, "man 5 cardfile.conf tells the keys and "
		    "their values", "%s", a->err.msg);
		err_clear(&a->err);
		return false;
	}
	doctor_well(d, "configuration: %s", a->app.conf.file == NULL ?
	    "none, all defaults" : a->app.conf.file);
	return true;
}

static void
doctor_directory(struct doctor *d, const char *key, const char *dir,
    const char *cure)
{
	if (access(dir, R_OK | X_OK) == 0)
		doctor_well(d, "%s: %s", key, dir);
	else
		doctor_problem(d, cure, "%s %s cannot be read", key, dir);
}

bool
admin_doctor(struct admin *a)
{
	struct doctor	 d = { a, value_list(a->arena, 8) };

	if (doctor_conf(&d)) {
		doctor_directory(&d, "schema_dir", a->app.conf.schema_dir,
		    "make install (or schema_dir = DIRECTORY in "
		    "cardfile.conf)");
		doctor_directory(&d, "iso_codes_dir",
		    a->app.conf.iso_codes_dir, "apt install iso-codes");
		doctor_data(&d);
		if (a->nargs > 0)
			doctor_url(&d, a->args[0]);
	}
	if (a->options[ADMIN_JSON] != NULL)
		admin_put(a, &d.findings, NULL);
	return d.findings.u.list->n == 0;
}
