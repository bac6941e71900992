// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/secret_dialog.h"

#include "ui/bridge/text.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tab_strip.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using widgets::Button;
using widgets::CodeView;
using widgets::Icon;
using widgets::Role;

constexpr int fewestLines = 8, mostLines = 14;
constexpr int tabCount = 4;
constexpr qsizetype shownAnswer = 120;

} // namespace

SecretDialog::SecretDialog(const QString &title, const QString &summary, const gateway::api::CreatedKey &created, const QString &model, gateway::api::Gateway &gateway, QWidget *parent)
    : OnceDialog(u"keys.secret"_s, {.title = title, .summary = summary, .copy = tr("Copy key"), .stored = tr("I have stored the key")}, qt(created.secret), parent), m_gateway(gateway),
      m_tabs(new widgets::TabStrip({tr("curl"), tr("Python"), tr("Node"), tr("Environment")})), m_code(makeCode(u".snippet"_s, tr("First call with the new key"))), m_result(new widgets::StateLabel)
{
    const gateway::api::ListenerState listener = gateway.listener();
    m_snippet = {.origin = bridge::originOf(listener.up ? qt(listener.address) : qt(gateway.config()->gateway.listen), listener.tls), .secret = secret(), .model = model};
    setUpSnippets();
    setUpButtons();
    showSnippet(0);
}

void SecretDialog::setUpSnippets()
{
    m_tabs->setMargin(0);
    auto *copy = new widgets::CopyButton(tr("Copy"), [this] { return snippet(m_tabs->current()); }, nullptr, Button::Kind::Flat);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_tabs, 1);
    row->addWidget(copy);
    int lines = fewestLines; // the longest of them: the dialog does not jump from tab to tab, and nothing is cut
    for (int tab = 0; tab < tabCount; ++tab)
        lines = std::max(lines, static_cast<int>(snippet(tab).count(u'\n')) + 1);
    m_code->setFixedHeight(m_code->heightOf(std::min(lines, mostLines)));
    connect(m_tabs, &widgets::TabStrip::currentChanged, this, &SecretDialog::showSnippet);
    auto *block = new QVBoxLayout;
    block->setSpacing(0);
    block->addLayout(row);
    block->addWidget(m_code);
    body()->addLayout(block);
    m_result->setWordWrap(true);
    m_result->hide();
    body()->addWidget(m_result);
}

void SecretDialog::setUpButtons()
{
    if (!m_snippet.model.isEmpty()) {
        m_test = addButton(Button::Kind::Plain, tr("Send test call"));
        m_test->setSymbol(Icon::Play);
        m_test->setObjectName(u"keys.secret.test"_s);
        connect(m_test, &QPushButton::clicked, this, &SecretDialog::sendTestCall);
    }
    addDone();
}

QString SecretDialog::snippet(int tab) const
{
    switch (tab) {
    case 0: return m_snippet.curl();
    case 1: return m_snippet.python();
    case 2: return m_snippet.node();
    default: return m_snippet.environment();
    }
}

void SecretDialog::showSnippet(int tab)
{
    constexpr std::array languages {CodeView::Language::Shell, CodeView::Language::Python, CodeView::Language::JavaScript, CodeView::Language::Shell};
    m_code->setLanguage(languages[static_cast<std::size_t>(tab)]);
    m_code->setCode(snippet(tab));
}

void SecretDialog::sendTestCall()
{
    m_test->setEnabled(false);
    m_result->setState(Icon::Clock, Role::Muted, tr("Calling %1…").arg(m_snippet.model));
    m_result->show();
    m_gateway.sendTestCall(bridge::utf8(m_snippet.secret), bridge::utf8(m_snippet.model), this, [this](const gateway::Result<std::string> &answer) {
        m_test->setEnabled(true);
        if (answer)
            m_result->setState(Icon::Ok, Role::Ok, tr("%1 answered: %2").arg(m_snippet.model, qt(*answer).simplified().left(shownAnswer)));
        else
            m_result->setState(Icon::Error, Role::Err, qt(answer.error().message).left(2 * shownAnswer));
    });
}

} // namespace ui::keys
