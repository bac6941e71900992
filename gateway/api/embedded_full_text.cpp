// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_full_text.h"

namespace gateway::api {

std::vector<telemetry::Gauge> EmbeddedFullText::gauges() const
{
    const TextIndexState state = m_indexer.state();
    if (!state.on)
        return {};
    return {{.name = "full_text_calls", .help = "Calls in the full-text index.", .value = static_cast<double>(state.calls)},
            {.name = "full_text_bytes", .help = "Size of the full-text index's file.", .value = static_cast<double>(state.bytes)},
            {.name = "full_text_done", .help = "How much of the bodies that the log keeps is in the full-text index: 0 to 1.", .value = state.done}};
}

} // namespace gateway::api
