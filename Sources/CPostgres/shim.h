/* libpq as Swift sees it. pkg-config supplies the include path. */
#ifndef WEIR_CPOSTGRES_SHIM_H
#define WEIR_CPOSTGRES_SHIM_H
#include <libpq-fe.h>
#endif
