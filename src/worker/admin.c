/* The command line: finds the command, reads its options, runs it. */

#include "worker/admin.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "worker/admin_private.h"

struct command {
	admin_command	*run;
	const char	*words;
	const char	*args;
	int		 least, most;	/* arguments */
	unsigned int	 options;	/* ADMIN_BITs besides the common ones */
	const char	*help;
};

static const struct command	 commands[] = {
#define ADMIN_COMMAND(function, words, args, least, most, options, help) \
	{ function, words, args, least, most, options, help },
#include "worker/admin_commands.def"
#undef ADMIN_COMMAND
};

static const struct option_row {
	const char	*name, *argument, *help;
}	 option_rows[ADMIN__MAX] = {
#define ADMIN_OPTION(constant, name, argument, help)	\
	[ADMIN_##constant] = { name, argument, help },
#include "worker/admin_options.def"
#undef ADMIN_OPTION
};

#define COMMANDS	(sizeof commands / sizeof commands[0])
#define COMMON		(ADMIN_BIT(CONFIG) | ADMIN_BIT(DATA) | \
			ADMIN_BIT(JSON) | ADMIN_BIT(HELP))

static void
usage(FILE *to)
{
	fputs("usage: cardfile COMMAND [ARGUMENT] [OPTION]...\n\n", to);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-15s%-11s%s\n", commands[i].words,
		    commands[i].args, commands[i].help);
	fputs("\ncardfile COMMAND --help tells the command's options; "
	    "see also cardfile(1).\n", to);
}

static void
usage_command(FILE *to, const struct command *c)
{
	fprintf(to, "usage: cardfile %s%s%s [OPTION]...\n%s\n\n", c->words,
	    c->args[0] == '\0' ? "" : " ", c->args, c->help);
	for (int i = 0; i < ADMIN__MAX; i++) {
		const struct option_row	*o = &option_rows[i];
		char			 left[40];

		if (((c->options | COMMON) & 1u << i) == 0)
			continue;
		snprintf(left, sizeof left, "--%s%s%s", o->name,
		    o->argument == NULL ? "" : " ",
		    o->argument == NULL ? "" : o->argument);
		fprintf(to, "  %-24s%s\n", left, o->help);
	}
}

/* How many words of the command the arguments begin with; 0: another one. */
static int
command_words(const struct command *c, int argc, char **argv)
{
	const char	*space = strchr(c->words, ' ');
	size_t		 n;

	if (space == NULL)
		return strcmp(c->words, argv[0]) == 0 ? 1 : 0;
	n = (size_t)(space - c->words);
	return strlen(argv[0]) == n && memcmp(c->words, argv[0], n) == 0 &&
	    argc > 1 && strcmp(space + 1, argv[1]) == 0 ? 2 : 0;
}

static const struct command *
command_find(int argc, char **argv, int *words)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if ((*words = command_words(&commands[i], argc, argv)) != 0)
			return &commands[i];
	return NULL;
}

static void
command_options(const struct command *c, struct option out[ADMIN__MAX + 1])
{
	size_t	 n = 0;

	for (int i = 0; i < ADMIN__MAX; i++)
		if (((c->options | COMMON) & 1u << i) != 0)
			out[n++] = (struct option){ option_rows[i].name,
			    option_rows[i].argument == NULL ? no_argument :
			    required_argument, NULL, 256 + i };
	out[n] = (struct option){ NULL, 0, NULL, 0 };
}

/* argv[0] stands for the command; false if the options are not its own. */
static bool
command_parse(const struct command *c, struct admin *a, int argc, char **argv)
{
	struct option	 options[ADMIN__MAX + 1];
	int		 got;

	command_options(c, options);
	optind = 0;
	while ((got = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (got < 256)
			return false;
		a->options[got - 256] = optarg == NULL ? "" : optarg;
		if (got - 256 != ADMIN_GROUP)
			continue;
		if (a->ngroups == ADMIN_GROUPS)
			return false;
		a->groups[a->ngroups++] = optarg;
	}
	a->args = argv + optind;
	a->nargs = argc - optind;
	return a->options[ADMIN_HELP] != NULL ||
	    (a->nargs >= c->least && a->nargs <= c->most);
}

static int
command_run(const struct command *c, struct admin *a)
{
	bool	 ok;

	a->arena = arena_new();
	ok = (c->run == admin_doctor || admin_open(a)) && c->run(a);
	admin_clear(a);
	if (!ok && a->err.code != ERR_OK)
		fprintf(stderr, "cardfile: %s%s%s%s\n", a->err.msg,
		    a->err.cause[0] == '\0' ? "" : " (", a->err.cause,
		    a->err.cause[0] == '\0' ? "" : ")");
	app_close(&a->app);
	arena_free(a->arena);
	if (fflush(stdout) != 0) {
		perror("cardfile: standard output");
		return 1;
	}
	return ok ? 0 : a->err.code == ERR_BAD_REQUEST ? 2 : 1;
}

int
admin_run(int argc, char **argv)
{
	const struct command	*c;
	struct admin		 a = { 0 };
	int			 words;

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "help") == 0)) {
		usage(stdout);
		return 0;
	}
	c = argc < 2 ? NULL : command_find(argc - 1, argv + 1, &words);
	if (c == NULL) {
		usage(stderr);
		return 2;
	}
	if (!command_parse(c, &a, argc - words, argv + words)) {
		usage_command(stderr, c);
		return 2;
	}
	if (a.options[ADMIN_HELP] != NULL) {
		usage_command(stdout, c);
		return 0;
	}
	return command_run(c, &a);
}
