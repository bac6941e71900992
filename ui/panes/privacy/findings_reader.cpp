// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/findings_reader.h"

#include "ui/bridge/text.h"

namespace ui::privacy {

namespace {

constexpr int everyMs = 60'000;

} // namespace

FindingsReader::FindingsReader(gateway::api::PrivacyTools *tools, Now now, QObject *parent) : QObject(parent), m_tools(tools), m_now(std::move(now))
{
    m_timer.setInterval(everyMs);
    connect(&m_timer, &QTimer::timeout, this, &FindingsReader::ask);
}

void FindingsReader::setSeen(bool seen)
{
    if (!seen || !m_tools) {
        m_timer.stop();
        return;
    }
    m_timer.start();
    ask();
}

void FindingsReader::ask()
{
    if (!m_tools)
        return;
    const gateway::FindingQuery query {.range = {.from = m_now() - std::chrono::seconds {seconds}}};
    m_tools->findings(query, this, [this](const gateway::Result<gateway::FindingSummary> &answer) {
        m_problem = answer ? QString() : bridge::qt(answer.error().message);
        if (answer)
            m_summary = *answer;
        Q_EMIT changed();
    });
}

} // namespace ui::privacy
