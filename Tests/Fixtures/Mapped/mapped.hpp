#pragma once
#include "weir/handler.h"

/* Loads the layers that fit `layers` of the source `path` into a new table `table` of the database "geo". */
weir_status run_load(weir_task *task);
