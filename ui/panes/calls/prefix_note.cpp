// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/prefix_note.h"

#include "ui/widgets/states.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::calls {

using gateway::CallRecord;

PrefixNote::PrefixNote(gateway::api::Gateway *gateway, QWidget *parent) : QWidget(parent), m_gateway(gateway), m_banner(new widgets::SectionBanner(widgets::SectionBanner::Kind::Warning))
{
    setObjectName(u"calls.prefixNote"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 8, 16, 0);
    column->addWidget(m_banner);
    hide();
}

void PrefixNote::clear()
{
    ++m_question;
    m_record = {};
    m_text.clear();
    hide();
}

void PrefixNote::setCall(const CallRecord &record)
{
    clear();
    if (!mayHaveBrokenPrefix(record))
        return;
    m_record = record;
    gateway::CallQuery query;
    query.range = {record.startedAt - longestPromptLife, record.startedAt};
    query.filter = gateway::CallFilter().within("session", record.session);
    query.limit = 20; // a session may ask several models in turns
    m_gateway->calls(query, this, [this, question = m_question](gateway::Result<gateway::CallPage> page) {
        if (question != m_question || !page)
            return; // who cannot read the log is told so elsewhere
        const auto former = std::ranges::find_if(page->rows, [this](const gateway::CallRow &row) { return couldServe(row.record, m_record); });
        if (former == page->rows.end())
            return;
        m_gateway->call(former->record.id, this, [this, question](gateway::Result<gateway::CallDetail> detail) {
            if (question == m_question && detail)
                compare(std::move(detail->record));
        });
    });
}

/// Bodies may be long: elsewhere than on the window's thread.
void PrefixNote::compare(CallRecord former)
{
    const auto prices = m_prices.find(*m_gateway, m_record.provider, m_record.model);
    QThreadPool::globalInstance()->start([self = QPointer(this), question = m_question, prices, former = std::move(former), record = std::move(m_record)] {
        const auto report = comparePrefixes(former, record, prices);
        QMetaObject::invokeMethod(QCoreApplication::instance(), [self, question, report] {
            if (self && question == self->m_question && report)
                self->say(*report);
        });
    });
}

void PrefixNote::say(const PrefixReport &report)
{
    const QString headline = headlineOf(report), reason = reasonOf(report);
    m_banner->setContent(headline, reason);
    m_text = headline + u". "_s + reason;
    setAccessibleName(m_text);
    show();
}

} // namespace ui::calls
