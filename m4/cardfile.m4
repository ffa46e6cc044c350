# CARDFILE_NEED(VARIABLE, MODULE, DEBIAN-PACKAGE)
AC_DEFUN([CARDFILE_NEED],
[PKG_CHECK_MODULES([$1], [$2], [],
    [AC_MSG_ERROR([$2 is missing: apt-get install $3
$$1_PKG_ERRORS])])])

# CARDFILE_TRY_CFLAG(FLAG): adds it if the compiler knows it.
AC_DEFUN([CARDFILE_TRY_CFLAG],
[AC_MSG_CHECKING([whether $CC accepts $1])
cardfile_save=$CFLAGS
CFLAGS="$CFLAGS -Werror $1"
AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
    [AC_MSG_RESULT([yes])
     CARDFILE_CFLAGS="$CARDFILE_CFLAGS $1"],
    [AC_MSG_RESULT([no])])
CFLAGS=$cardfile_save])

# CARDFILE_TRY_LDFLAG(FLAG): the same for the linker.
AC_DEFUN([CARDFILE_TRY_LDFLAG],
[AC_MSG_CHECKING([whether the linker accepts $1])
cardfile_save=$LDFLAGS
LDFLAGS="$LDFLAGS -Werror $1"
AC_LINK_IFELSE([AC_LANG_PROGRAM()],
    [AC_MSG_RESULT([yes])
     CARDFILE_LDFLAGS="$CARDFILE_LDFLAGS $1"],
    [AC_MSG_RESULT([no])])
LDFLAGS=$cardfile_save])

# CARDFILE_HARDEN: what a program that faces a network should have.
AC_DEFUN([CARDFILE_HARDEN],
[CARDFILE_TRY_CFLAG([-fstack-protector-strong])
CARDFILE_TRY_CFLAG([-fPIE])
CARDFILE_TRY_LDFLAG([-pie])
CARDFILE_TRY_LDFLAG([-Wl,-z,relro,-z,now])
AS_CASE([" $CFLAGS "],
    [*" -O0 "*], [],
    [*" -O"*], [CARDFILE_DEFS="$CARDFILE_DEFS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])])

# CARDFILE_SANITIZE: address and undefined behaviour, the first fault ends it.
AC_DEFUN([CARDFILE_SANITIZE],
[cardfile_flags="-fsanitize=address,undefined -fno-sanitize-recover=all"
CARDFILE_CFLAGS="$CARDFILE_CFLAGS $cardfile_flags -fno-omit-frame-pointer"
CARDFILE_LDFLAGS="$CARDFILE_LDFLAGS $cardfile_flags"
cardfile_save=$CFLAGS
CFLAGS="$CFLAGS $cardfile_flags"
AC_LINK_IFELSE([AC_LANG_PROGRAM()], [],
    [AC_MSG_ERROR([$CC has no sanitizers; configure without --enable-sanitizers])])
CFLAGS=$cardfile_save])
