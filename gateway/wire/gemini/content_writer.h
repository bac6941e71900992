// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/gemini/request_writer.h"
#include "gateway/wire/json_writer.h"

namespace gateway::wire::gemini {

/// Writes `systemInstruction` and `contents`: system texts apart, equal roles merged, no empty part, every function's
/// answer under its function's name (wire.md 2.1, 2.2).
void writeContents(JsonWriter &json, const ChatRequest &request, const WriteOptions &options, std::vector<Loss> &losses);

} // namespace gateway::wire::gemini
