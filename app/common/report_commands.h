// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"
#include "app/common/commands.h"

#include <iosfwd>

namespace app {

/// `report`: writes it to --out, or to `out` where there is none or it is "-"; a PDF goes to a file of its own name.
/// @param pdf  as runCommand()'s
/// @return the exit code
int makeReport(const Invocation &invocation, const PdfDrawer &pdf, std::ostream &out, std::ostream &err);

} // namespace app
