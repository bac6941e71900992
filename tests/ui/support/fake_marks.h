// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/mark_tools.h"

#include <map>
#include <optional>
#include <string>

namespace tests {

/// The made-up gateway's marks: kept in memory, of any call.
class FakeMarks final : public gateway::api::MarkTools
{
    Q_OBJECT
public:
    explicit FakeMarks(gateway::api::Gateway *gateway) : MarkTools(gateway) {}

    void failNext(gateway::Error error) { m_failure = std::move(error); }
    [[nodiscard]] gateway::CallMark markOf(const std::string &callId) const;
    [[nodiscard]] const std::vector<gateway::MarkChange> &last() const { return m_last; } ///< what was asked for last
    [[nodiscard]] int asked() const { return m_asked; }

    void mark(std::vector<gateway::MarkChange> changes, QObject *context, gateway::api::Answer<std::vector<gateway::MarkChange>> done) override;

private:
    std::map<std::string, gateway::CallMark> m_marks;
    std::vector<gateway::MarkChange> m_last;
    std::optional<gateway::Error> m_failure;
    int m_asked = 0;
};

} // namespace tests
