// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <string_view>

namespace gateway::api {

/// What the built-in price catalogue says of a model under this provider kind: prices and limits, absent where it says
/// nothing. The catalogue is read at the first call and never changes. Any thread; cheap afterwards.
[[nodiscard]] config::ModelSettings catalogueModel(std::string_view kind, std::string_view model);

} // namespace gateway::api
