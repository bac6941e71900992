// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"
#include "gateway/core/error.h"
#include "gateway/core/report_sheet.h"

#include <functional>
#include <iosfwd>
#include <string>

namespace app {

/// A report as a PDF's bytes.
using PdfDrawer = std::function<gateway::Result<std::string>(const gateway::ReportSheet &sheet)>;

/// Runs every command but Serve: through control.sock where a process holds the data folder, else on the databases
/// themselves. Needs a QCoreApplication. Blocks.
/// @param pdf  empty: this program draws none
/// @return the exit code
int runCommand(const Invocation &invocation, std::ostream &out, std::ostream &err, const PdfDrawer &pdf = {});

} // namespace app
