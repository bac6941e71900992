// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/check_entries.h"
#include "gateway/config/document.h"
#include "gateway/config/map_reader.h"

#include <expected>
#include <string_view>
#include <utility>

/// One section of the configuration out of JSON. Internal to config/.
namespace gateway::config {

/// @param read   (Reading &, const Node &) -> T
/// @param check  (Checks &, const T &), where the reading went well
template <typename T, typename Read, typename Check>
std::expected<T, Problems> readSection(std::string_view json, Read read, Check check)
{
    const auto node = parseJson(json);
    if (!node)
        return std::unexpected(Problems {node.error()});
    const ReadOptions options {.local = false};
    Reading reading(options, false);
    T value = read(reading, *node);
    if (!anyError(reading.problems)) {
        Checks checks;
        check(checks, std::as_const(value));
        Problems found = checks.take();
        reading.problems.insert(reading.problems.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    }
    if (anyError(reading.problems))
        return std::unexpected(std::move(reading.problems));
    return value;
}

} // namespace gateway::config
