// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"

#include <algorithm>
#include <array>

namespace gateway::privacy {

namespace {

#define SIGNALBOX_ADDRESS(name) &name,
constexpr std::array table {SIGNALBOX_DETECTORS(SIGNALBOX_ADDRESS)};
#undef SIGNALBOX_ADDRESS

} // namespace

std::span<const Detector *const> detectors()
{
    return table;
}

const Detector *findDetector(std::string_view name)
{
    const auto row = std::ranges::find(table, name, [](const Detector *detector) { return detector->name; });
    return row == table.end() ? nullptr : *row;
}

} // namespace gateway::privacy
