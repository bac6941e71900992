// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/kind_fields.h"

#include <span>
#include <string_view>

namespace gateway::providers {

/// What each kind's settings are: one row a kind of provider_table.h, and of the kinds whose descriptors come later. For
/// config::check() and the window's form. Made at the first call; any thread.
std::span<const config::KindFields> kindFields();

/// The row of that kind, or nullptr.
const config::KindFields *findKindFields(std::string_view kind);

} // namespace gateway::providers
