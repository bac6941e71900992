// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/body_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/body_text.h"
#include "ui/panes/calls/chat_view.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::calls {

using widgets::CodeView;
using widgets::Label;

BodyView::BodyView(Side side, QWidget *parent) :
    QWidget(parent), m_side(side), m_note(new Label(Label::Kind::Secondary)), m_copy(new widgets::CopyButton(tr("Copy"), [this] { return bridge::qt(m_body); })), m_code(new CodeView(CodeView::Language::Json))
{
    m_code->setFrameShape(QFrame::NoFrame);
    m_code->setAccessibleName(side == Side::Request ? tr("Request body") : tr("Response body"));
    m_copy->button()->setSmall(true);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 6, 12, 6);
    head->addWidget(m_note, 1);
    head->addWidget(m_copy);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_code, 1);
}

void BodyView::setCall(const gateway::CallDetail &detail, bool complete, const gateway::config::LogSettings &settings)
{
    const bool answer = m_side == Side::Response;
    const gateway::CapturedBodies &bodies = detail.record.bodies;
    m_body = answer ? bodies.answer : bodies.request;
    const bool cut = answer ? bodies.answerCut : bodies.requestCut;
    const bool stream = answer && detail.record.stream && !m_body.starts_with('{');
    QString note = missingBody(detail, complete, settings.bodies, answer);
    if (!m_body.empty()) {
        note = stream ? tr("Event stream as sent, %1").arg(widgets::bytes(m_body.size())) : tr("JSON, %1").arg(widgets::bytes(m_body.size()));
        if (cut)
            note += tr(". Only the beginning was kept: bodies are cut at %1.").arg(widgets::bytes(std::uint64_t(settings.maxBody)));
    } else if (!complete) {
        note = tr("Reading…");
    }
    m_note->setText(note);
    m_copy->setVisible(!m_body.empty());
    m_code->setVisible(!m_body.empty());
    m_code->setLanguage(stream ? CodeView::Language::Plain : CodeView::Language::Json);
    m_code->setCode(m_body.empty() ? QString() : stream ? bridge::qt(m_body) : prettyJson(m_body));
    static_cast<QVBoxLayout *>(layout())->setStretch(1, m_body.empty() ? 0 : 1);
    static_cast<QVBoxLayout *>(layout())->setAlignment(m_body.empty() ? Qt::AlignTop : Qt::Alignment());
}

QString BodyView::text() const { return m_code->toPlainText(); }
QString BodyView::note() const { return m_note->text(); }

} // namespace ui::calls
