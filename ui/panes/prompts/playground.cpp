// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/playground.h"

#include "ui/bridge/text.h"
#include "ui/panes/prompts/run_card.h"
#include "ui/panes/prompts/variables_form.h"
#include "ui/widgets/button.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

Playground::Playground(gateway::api::PromptTools &tools, QWidget *parent)
    : QWidget(parent), m_tools(tools), m_note(new Label(Label::Kind::Secondary)), m_run(new Button(Button::Kind::Primary, Icon::Play, tr("Run"))), m_form(new VariablesForm), m_cards {new RunCard(0, false), new RunCard(1, true)}
{
    setObjectName(u"prompts.playground"_s);
    m_note->setObjectName(u"prompts.playground.note"_s);
    m_note->setMinimumWidth(40);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_run->setObjectName(u"prompts.playground.run"_s);
    m_run->setKeyHint(u"Ctrl+Enter"_s);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(new Label(Label::Kind::Strong, tr("Playground")));
    head->addWidget(m_note, 1);
    head->addWidget(m_run);
    auto *cards = new QHBoxLayout;
    cards->setSpacing(8);
    cards->addWidget(m_form, 3);
    for (RunCard *card : m_cards)
        cards->addWidget(card, 4);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(head);
    column->addLayout(cards, 1);
    connect(m_run, &QPushButton::clicked, this, &Playground::runOrStop);
    connect(m_form, &VariablesForm::changed, this, [this] {
        refresh();
        Q_EMIT valuesChanged();
    });
    for (RunCard *card : m_cards) {
        connect(card, &RunCard::routeChanged, this, &Playground::refresh);
        connect(card, &RunCard::runningChanged, this, &Playground::refresh);
        connect(card, &RunCard::callWanted, this, &Playground::callWanted);
    }
    refresh();
}

void Playground::show(const std::string &identity, const std::string &name, const gateway::config::PromptVersion &version, const QString &called)
{
    if (identity != m_identity) {
        for (RunCard *card : m_cards)
            card->clear();
        m_cards.front()->setRoute(qt(version.model)); // where it names a route
    }
    m_identity = identity;
    m_name = name;
    m_version = version;
    m_called = called;
    m_form->show(identity, version);
    refresh();
}

void Playground::setRoutes(const QStringList &names)
{
    m_routes = names;
    for (RunCard *card : m_cards)
        card->setRoutes(names);
    refresh();
}

std::string Playground::values() const { return m_form->values(); }
bool Playground::running() const { return std::ranges::any_of(m_cards, &RunCard::running); }
QSet<QString> Playground::missing() const { return m_form->marked(); }

void Playground::runOrStop()
{
    if (running()) {
        for (RunCard *card : m_cards)
            card->stop();
        return;
    }
    if (m_cards.front()->route().isEmpty() && m_cards.back()->route().isEmpty())
        return;
    if (!m_form->problem().isEmpty()) {
        m_form->markMissing();
        m_note->setRole(widgets::Role::Err);
        m_note->setText(m_form->problem());
        return;
    }
    gateway::api::PromptRun run;
    run.name = m_name;
    run.version = m_version;
    run.variables = m_form->values();
    for (RunCard *card : m_cards)
        if (!card->route().isEmpty())
            card->start(m_tools, run);
}

void Playground::refresh()
{
    const auto count = std::ranges::count_if(m_cards, [](const RunCard *card) { return !card->route().isEmpty(); });
    const bool runs = running();
    m_run->setText(runs ? tr("Stop") : count == 2 ? tr("Run both") : tr("Run"));
    m_run->setSymbol(runs ? Icon::Close : Icon::Play);
    m_run->setEnabled(count > 0);
    const bool marked = !m_form->marked().isEmpty();
    m_note->setRole(marked ? widgets::Role::Err : widgets::Role::Muted);
    m_note->setText(m_routes.isEmpty()   ? tr("There is no route to run it on. Add one in Routes.")
                       : count == 0      ? tr("Choose a route to run it on.")
                       : marked          ? m_form->problem()
                       : count == 2      ? tr("%1 on two routes; real calls, in the log as tests").arg(m_called)
                                         : tr("%1 on one route; a real call, in the log as a test").arg(m_called));
    m_note->setToolTip(m_note->text());
}

} // namespace ui::prompts
