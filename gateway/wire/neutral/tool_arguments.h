// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_writer.h"

namespace gateway::wire {

/// Writes a call's arguments for formats that want an object: the object as it stands, {} where there is none. What is no
/// JSON object (the model broke off in it) goes as {"_raw": text}: shown as it is, neither lost nor passed as broken JSON.
/// @return false: it was wrapped so
bool writeToolArguments(JsonWriter &json, Json arguments);

} // namespace gateway::wire
