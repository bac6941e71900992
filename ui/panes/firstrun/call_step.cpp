// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/call_step.h"

#include "ui/bridge/text.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tab_strip.h"

#include <array>

using namespace Qt::StringLiterals;

namespace ui::firstrun {
namespace {

using bridge::qt;
using bridge::utf8;
using widgets::Button;
using widgets::CodeView;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int codeLines = 12; ///< the longest snippet
constexpr int pythonTab = 1;
constexpr qsizetype shownAnswer = 80;

} // namespace

CallStep::CallStep(gateway::api::Gateway &gateway, QWidget *parent)
    : StepCard(3, tr("Call it"), parent), m_gateway(gateway), m_tabs(new widgets::TabStrip({tr("curl"), tr("Python"), tr("Node"), tr("Environment")})),
      m_code(new CodeView(CodeView::Language::Python)), m_copy(new widgets::CopyButton(tr("Copy"), [this] { return snippet(); }, nullptr, Button::Kind::Primary)),
      m_send(new Button(Icon::Play, tr("Send a test call for me"))), m_result(new widgets::StateLabel)
{
    setNote(tr("any OpenAI SDK works"));
    setUpParts();
    m_tabs->setCurrent(pythonTab);
    connect(m_tabs, &widgets::TabStrip::currentChanged, this, &CallStep::showSnippet);
    connect(m_send, &QPushButton::clicked, this, &CallStep::sendTestCall);
    connect(&m_gateway, &gateway::api::Gateway::listenerChanged, this, [this] { fill(m_secret, m_model); });
    fill({}, {});
}

void CallStep::setUpParts()
{
    m_tabs->setObjectName(u"firstrun.call.tabs"_s);
    m_tabs->setMargin(0);
    m_tabs->setLine(false);
    m_code->setObjectName(u"firstrun.call.code"_s);
    m_code->setAccessibleName(tr("First call"));
    m_code->setSecret({});
    m_code->setFixedHeight(m_code->heightOf(codeLines));
    m_copy->setObjectName(u"firstrun.call.copy"_s);
    m_send->setObjectName(u"firstrun.call.send"_s);
    m_result->setObjectName(u"firstrun.call.result"_s);
    m_result->setWordWrap(true);
    m_result->hide();
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(0, 12, 0, 0);
    buttons->setSpacing(8);
    buttons->addWidget(m_copy);
    buttons->addWidget(m_send);
    buttons->addStretch(1);
    buttons->addWidget(new Label(Label::Kind::Secondary, tr("marked “test” in the log")));
    body()->addWidget(m_tabs);
    body()->addWidget(m_code);
    body()->addLayout(buttons);
    body()->addSpacing(6);
    body()->addWidget(m_result);
}

void CallStep::fill(const QString &secret, const QString &model)
{
    const auto listener = m_gateway.listener();
    m_secret = secret;
    m_model = model;
    m_snippet = {bridge::originOf(qt(listener.up ? listener.address : m_gateway.config()->gateway.listen), listener.tls),
        secret.isEmpty() ? tr("the-key-of-step-2") : secret, model.isEmpty() ? tr("the-model-of-step-1") : model};
    m_code->setSecret(secret);
    const bool ready = !secret.isEmpty() && !model.isEmpty();
    m_send->setEnabled(ready && listener.up);
    m_send->setToolTip(model.isEmpty() ? tr("Add a provider first: step 1.") : secret.isEmpty() ? tr("Create a key first: step 2.") : listener.up ? QString() : tr("Signalbox does not listen."));
    showSnippet();
}

void CallStep::setCallSeen(bool seen) { setDone(seen); }

QString CallStep::snippet() const
{
    switch (m_tabs->current()) {
    case 0: return m_snippet.curl();
    case 1: return m_snippet.python();
    case 2: return m_snippet.node();
    default: return m_snippet.environment();
    }
}

void CallStep::showSnippet()
{
    constexpr std::array languages {CodeView::Language::Shell, CodeView::Language::Python, CodeView::Language::JavaScript, CodeView::Language::Shell};
    m_code->setLanguage(languages[static_cast<std::size_t>(m_tabs->current())]);
    m_code->setCode(snippet());
}

void CallStep::sendTestCall()
{
    m_send->setEnabled(false);
    m_result->setState(Icon::Clock, Role::Muted, tr("Calling %1…").arg(m_model));
    m_result->show();
    m_gateway.sendTestCall(utf8(m_secret), utf8(m_model), this, [this, model = m_model](const gateway::Result<std::string> &answer) {
        if (answer)
            m_result->setState(Icon::Ok, Role::Ok, tr("%1 answered: %2").arg(model, qt(*answer).simplified().left(shownAnswer)));
        else
            m_result->setState(Icon::Error, Role::Err, qt(answer.error().message));
        fill(m_secret, m_model); // enabled again, if it may be
    });
}

} // namespace ui::firstrun
