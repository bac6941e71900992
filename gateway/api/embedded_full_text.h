// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/full_text.h"
#include "gateway/storage/text_indexer.h"
#include "gateway/telemetry/otlp.h"

#include <string>
#include <vector>

namespace gateway::api {

/// The full-text index of a gateway in this process, and the thread that keeps it. On the gateway's thread.
class EmbeddedFullText final : public FullText
{
    Q_OBJECT
public:
    /// @param callsPath  of the call log, which is there
    EmbeddedFullText(std::string callsPath, Gateway *gateway) : FullText(gateway), m_indexer({.callsPath = std::move(callsPath)}) {}

    [[nodiscard]] TextIndexState state() const override { return m_indexer.state(); }
    [[nodiscard]] storage::TextIndexer &indexer() { return m_indexer; } ///< itself of any thread
    [[nodiscard]] std::vector<telemetry::Gauge> gauges() const;         ///< any thread; none while it is off

private:
    storage::TextIndexer m_indexer;
};

} // namespace gateway::api
