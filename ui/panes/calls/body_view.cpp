// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/body_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/body_text.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::calls {

using widgets::CodeView;
using widgets::Label;

namespace {

enum class Look { None, Json, Events, Binary };

Look lookOf(const std::string &body)
{
    if (body.empty())
        return Look::None;
    if (body.find('\0') != std::string::npos)
        return Look::Binary; // frames of Amazon's, pictures, sound
    return body.starts_with('{') || body.starts_with('[') ? Look::Json : Look::Events;
}

QString lookWords(Look look, CallSide side, const std::string &body)
{
    const QString size = widgets::bytes(body.size());
    switch (look) {
    case Look::None: break;
    case Look::Json: return BodyView::tr("JSON, %1").arg(size);
    case Look::Events: return side == CallSide::Program ? BodyView::tr("Event stream as sent, %1").arg(size) : BodyView::tr("Event stream as received, %1").arg(size);
    case Look::Binary: return BodyView::tr("Binary, %1: not shown").arg(size);
    }
    return {};
}

} // namespace

BodyView::BodyView(BodyKind kind, QWidget *parent) :
    QWidget(parent), m_kind(kind), m_sides(new widgets::SegmentedControl({tr("Program"), tr("Provider")})), m_note(new Label(Label::Kind::Secondary)),
    m_copy(new widgets::CopyButton(tr("Copy"), [this] { return bridge::qt(m_body); })), m_code(new CodeView(CodeView::Language::Json))
{
    m_sides->setSmall(true);
    m_sides->setObjectName(kind == BodyKind::Request ? u"calls.requestSides"_s : u"calls.responseSides"_s);
    m_sides->setToolTip(tr("What went between program and gateway, or between gateway and provider"));
    m_code->setFrameShape(QFrame::NoFrame);
    m_code->setAccessibleName(kind == BodyKind::Request ? tr("Request body") : tr("Response body"));
    m_copy->button()->setSmall(true);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 6, 12, 6);
    head->setSpacing(12);
    head->addWidget(m_sides);
    head->addWidget(m_note, 1);
    head->addWidget(m_copy);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_code, 1);
    connect(m_sides, &widgets::SegmentedControl::currentChanged, this, [this](int index) { Q_EMIT sideChosen(CallSide(index)); });
}

void BodyView::showSides(const gateway::CallRecord &record, CallSide side)
{
    const QSignalBlocker quiet(m_sides);
    m_sides->setItemText(int(CallSide::Program), tr("Program: %1").arg(formatOf(record, CallSide::Program)));
    m_sides->setItemText(int(CallSide::Provider), tr("Provider: %1").arg(formatOf(record, CallSide::Provider)));
    m_sides->setCurrent(int(side));
    m_sides->setVisible(sidesDiffer(record));
}

void BodyView::setCall(const gateway::CallDetail &detail, bool complete, const gateway::config::LogSettings &settings, CallSide side)
{
    if (!sidesDiffer(detail.record))
        side = CallSide::Program;
    showSides(detail.record, side);
    m_body = bodyOf(detail.record.bodies, side, m_kind);
    const Look look = lookOf(m_body);
    QString note = missingBody(detail, complete, settings.bodies, side, m_kind);
    if (!m_body.empty()) {
        note = lookWords(look, side, m_body);
        if (bodyCut(detail.record.bodies, side, m_kind))
            note += tr(". Only the beginning was kept: bodies are cut at %1.").arg(widgets::bytes(std::uint64_t(settings.maxBody)));
    } else if (!complete) {
        note = tr("Reading…");
    }
    const bool shown = look == Look::Json || look == Look::Events;
    m_note->setText(note);
    m_copy->setVisible(shown);
    m_code->setVisible(shown);
    m_code->setLanguage(look == Look::Json ? CodeView::Language::Json : CodeView::Language::Plain);
    m_code->setCode(look == Look::Json ? prettyJson(m_body) : shown ? bridge::qt(m_body) : QString());
    static_cast<QVBoxLayout *>(layout())->setStretch(1, shown ? 1 : 0);
    static_cast<QVBoxLayout *>(layout())->setAlignment(shown ? Qt::Alignment() : Qt::AlignTop);
}

QString BodyView::text() const { return m_code->toPlainText(); }
QString BodyView::note() const { return m_note->text(); }

} // namespace ui::calls
