// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"

#include <iosfwd>

namespace app {

/// `backup FILE`: by the process that holds the data folder, or by this one. @return an exit code
int makeBackup(const Invocation &invocation, std::ostream &out, std::ostream &err);

/// `restore FILE`: only where no process holds the data folder.
int restoreFolder(const Invocation &invocation, std::ostream &out, std::ostream &err);

} // namespace app
