// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"

#include <iosfwd>

namespace app {

/// Runs every command but Serve: through control.sock where a process holds the data folder, else on the databases
/// themselves. Needs a QCoreApplication. Blocks.
/// @return the exit code
int runCommand(const Invocation &invocation, std::ostream &out, std::ostream &err);

} // namespace app
