// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway {

/// What a JSON text that was cut off somewhere says up to there, as whole JSON: the last value that is not whole is left
/// out, and what is open is closed. A whole text stays as it is. Pure, one pass; what is no JSON gives no JSON.
[[nodiscard]] std::string closedJson(std::string_view cut);

} // namespace gateway
