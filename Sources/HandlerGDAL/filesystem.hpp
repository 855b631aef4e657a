#pragma once

namespace weir_gdal {

/* Puts /vsiweir/ beside GDAL's own file systems, once a process. */
void install_filesystem();

} // namespace weir_gdal
