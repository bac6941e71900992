// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/mark_tools.h"
#include "gateway/api/query_service.h"

namespace gateway::storage {
class CallLogWriter;
}

namespace gateway::api {

/// The mark tools of a gateway in this process. On the gateway's thread.
class EmbeddedMarks final : public MarkTools
{
    Q_OBJECT
public:
    /// @param writer  is closed before this goes, or outlives it
    EmbeddedMarks(storage::CallLogWriter &writer, Deliverer deliverer, Gateway *gateway) : MarkTools(gateway), m_writer(writer), m_deliverer(deliverer) {}

    void mark(std::vector<MarkChange> changes, QObject *context, Answer<std::vector<MarkChange>> done) override;

private:
    storage::CallLogWriter &m_writer;
    const Deliverer m_deliverer;
};

} // namespace gateway::api
