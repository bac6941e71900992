// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/compiled_config.h"
#include "gateway/wire/request_defaults.h"

#include <string>
#include <string_view>

/// What a virtual key puts into its calls (config.md, a key's `defaults` and `metadata`). Pure.
namespace gateway::stages {

/// Views of the key's.
/// @param key        null: nothing
/// @param pathModel  the model that the call's path names; empty: none
wire::RequestDefaults defaultsOf(const pipeline::CompiledKey *key, std::string_view pathModel);

/// A caller's metadata with its key's. Of equal names the key's holds, so that no caller passes for another key's.
/// @param callers  JSON object; empty: none. So is what comes back
std::string withMetadataOf(const pipeline::CompiledKey *key, std::string callers);

} // namespace gateway::stages
