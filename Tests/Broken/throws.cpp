#include "broken.h"
#include <stdexcept>

weir_status broken_throw(weir_task *) {
    throw std::runtime_error("broken.throw: nobody catches this");
}
