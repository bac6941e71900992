// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/details_view.h"

#include "gateway/core/finding_action.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/body_text.h"
#include "ui/panes/calls/call_sides.h"
#include "ui/panes/finding_words.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::CallRecord;
using widgets::Label;
using Fields = QList<DetailsView::Field>;

QString orUnknown(const std::string &text) { return text.empty() ? widgets::unknownText() : qt(text); }

Fields whoAndWhat(const CallRecord &record)
{
    Fields fields {
        {DetailsView::tr("Key"), orUnknown(record.key)},
        {DetailsView::tr("Team"), orUnknown(record.team)},
        {DetailsView::tr("Customer"), orUnknown(record.customer)},
        {DetailsView::tr("Session"), orUnknown(record.session), true},
        {DetailsView::tr("Tags"), orUnknown(record.tags)},
        {DetailsView::tr("Caller"), orUnknown(record.peer), true},
    };
    if (!record.metadata.empty())
        fields.append({DetailsView::tr("Metadata"), prettyJson(record.metadata), true});
    return fields;
}

Fields wayAndTime(const CallRecord &record)
{
    Fields fields {
        {DetailsView::tr("Started"), u"%1   %2"_s.arg(widgets::timeOfDayMillis(record.startedAt), widgets::dateTimeUtc(record.startedAt))},
        {DetailsView::tr("Endpoint"), qt(gateway::toText(record.endpoint)) + (record.stream ? DetailsView::tr(", streamed") : QString())},
        {DetailsView::tr("Asked for"), orUnknown(record.askedModel), true},
        {DetailsView::tr("Route"), orUnknown(record.route)},
        {DetailsView::tr("Answered by"), record.provider.empty() ? widgets::unknownText() : qt(record.provider) + u' ' + qt(record.model)},
        {DetailsView::tr("Call id"), qt(record.id), true},
    };
    if (!record.decisions.empty()) // one line for each node
        fields.insert(4, {DetailsView::tr("Decided"), qt(record.decisions).replace(u"; "_s, u"\n"_s)});
    if (const QString pair = formatPair(record); !pair.isEmpty())
        fields.insert(2, {DetailsView::tr("Translated"), pair});
    if (!record.trace.empty())
        fields.append({DetailsView::tr("Trace"), qt(record.trace), true});
    if (!record.dropped.empty() && record.losses.empty())
        fields.append({DetailsView::tr("Left out"), qt(record.dropped), true});
    if (record.repeats > 1)
        fields.append({DetailsView::tr("Repeated"), DetailsView::tr("%1 like refusals from this address stand in this line").arg(widgets::count(record.repeats))});
    if (record.error)
        fields.append({DetailsView::tr("Error"), qt(gateway::toText(*record.error)) + (record.errorMessage.empty() ? QString() : u": "_s + qt(record.errorMessage)), false, true});
    int number = 0;
    for (const gateway::AttemptRecord &attempt : record.attempts) {
        ++number;
        if (attempt.ok || (attempt.detail.empty() && attempt.skipped))
            continue;
        const QString code = attempt.httpStatus > 0 ? QString::number(attempt.httpStatus) + u' ' : QString();
        fields.append({DetailsView::tr("Attempt %1").arg(number), u"%1 %2: %3%4. %5"_s.arg(qt(attempt.provider), qt(attempt.model), code, qt(gateway::toText(attempt.error)), qt(attempt.detail)), false, false});
    }
    return fields;
}

Fields findings(const CallRecord &record)
{
    Fields fields;
    for (const gateway::PrivacyFinding &finding : record.findings)
        fields.append({panes::findingTitle(finding), panes::findingWords(finding, record), false, gateway::actionWord(finding) == "block"});
    return fields;
}

Fields losses(const CallRecord &record)
{
    Fields fields;
    for (const gateway::Loss &loss : record.losses)
        fields.append({qt(loss.what), qt(loss.why)});
    return fields;
}

QGridLayout *newGrid(int nameWidth)
{
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    grid->setColumnMinimumWidth(0, nameWidth);
    return grid;
}

Label *valueLabel(const DetailsView::Field &field)
{
    auto *value = new Label(field.mono ? Label::Kind::Mono : Label::Kind::Body, field.value);
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setAccessibleName(field.name + u' ' + field.value);
    if (field.bad)
        value->setRole(widgets::Role::Err);
    return value;
}

QVBoxLayout *columnOf(const Fields &fields)
{
    auto *column = new QVBoxLayout;
    column->setSpacing(10);
    auto *grid = newGrid(84);
    for (int row = 0; row < fields.size(); ++row) {
        grid->addWidget(new Label(Label::Kind::Field, fields.at(row).name), row, 0, Qt::AlignTop | Qt::AlignLeft);
        grid->addWidget(valueLabel(fields.at(row)), row, 1, Qt::AlignTop);
    }
    column->addLayout(grid);
    return column;
}

/// Below a line and a heading.
/// @return the last line's words, nullptr: there are no fields
QWidget *addSection(QVBoxLayout *column, const QString &heading, const Fields &fields)
{
    column->addWidget(new widgets::Divider(Qt::Horizontal));
    column->addWidget(new Label(Label::Kind::Strong, heading));
    auto *grid = newGrid(160);
    QWidget *last = nullptr;
    for (int row = 0; row < fields.size(); ++row) {
        auto *name = new widgets::ElidedLabel(widgets::Role::Text); // callers choose some of these, at any length
        name->setText(fields.at(row).name);
        name->setFixedWidth(160);
        grid->addWidget(name, row, 0, Qt::AlignTop | Qt::AlignLeft);
        last = valueLabel(fields.at(row));
        grid->addWidget(last, row, 1, Qt::AlignTop);
    }
    column->addLayout(grid);
    return last;
}

void addPrivacy(QVBoxLayout *column, const std::string &policy, const Fields &found)
{
    if (policy.empty())
        return;
    addSection(column, DetailsView::tr("Privacy policy %1").arg(qt(policy)), found);
    if (found.isEmpty()) {
        auto *nothing = new Label(Label::Kind::Secondary, DetailsView::tr("It found nothing."));
        nothing->setRole(widgets::Role::Muted);
        column->addWidget(nothing);
    }
}

} // namespace

DetailsView::DetailsView(QWidget *parent) : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Details"));
    viewport()->setAutoFillBackground(false);
}

void DetailsView::setCall(const CallRecord &record)
{
    auto *page = new QWidget;
    auto *halves = new QHBoxLayout(page);
    halves->setContentsMargins(16, 10, 16, 10);
    halves->setSpacing(24);
    m_fields = whoAndWhat(record);
    auto *left = columnOf(m_fields);
    const Fields way = wayAndTime(record);
    auto *right = columnOf(way);
    m_fields += way;
    m_found = findings(record);
    addPrivacy(left, record.policy, m_found);
    m_lost = losses(record);
    m_lastLost = m_lost.isEmpty() ? nullptr : addSection(left, tr("Lost in translation"), m_lost);
    int stretch = 2;
    for (QVBoxLayout *column : {left, right}) {
        column->addStretch(1);
        halves->addLayout(column, stretch++);
    }
    setWidget(page); // deletes the one before
    page->setAutoFillBackground(false);
}

void DetailsView::showLost()
{
    if (!m_lastLost)
        return;
    widget()->layout()->activate(); // it may have been filled just now
    ensureWidgetVisible(m_lastLost, 0, 10);
}

} // namespace ui::calls
