// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/open_files.h"

#include <sys/resource.h>

namespace app {

void raiseOpenFileLimit()
{
    rlimit limit {};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit); // to the hard limit: nothing that could be refused
}

} // namespace app
