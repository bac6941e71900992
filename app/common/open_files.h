// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace app {

/// Lets this process open as many files as the system allows it. A call holds two connections, and shells give 1,024:
/// gateway.max_connections would not be reached by far. To be called before the gateway starts.
void raiseOpenFileLimit();

} // namespace app
