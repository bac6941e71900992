// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <nlohmann/json_fwd.hpp>

namespace ui::bridge {

/// A JSON value as Python writes it: True, None, an object over several lines.
/// @param spaces  how far in its lines are, but for the first
QString pythonLiteral(const nlohmann::ordered_json &value, int spaces);

} // namespace ui::bridge
