// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/version_editor.h"

#include "gateway/config/prompt_variables.h"
#include "ui/bridge/text.h"
#include "ui/panes/prompts/header_note.h"
#include "ui/panes/prompts/messages_page.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/panes/prompts/settings_page.h"
#include "ui/panes/prompts/variables_page.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tab_strip.h"

#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::prompts {

namespace {

constexpr int mostChips = 3, chipsFrom = 420; // of the card's width: below it, the words come first

} // namespace

VersionEditor::VersionEditor(QWidget *parent)
    : Card(tr("Editor"), {}, parent), m_state(new widgets::ElidedLabel), m_tabs(new widgets::TabStrip({tr("Messages"), tr("Variables"), tr("Model"), tr("Tools and schema")})), m_pages(new QStackedWidget), m_messages(new MessagesPage),
      m_variables(new VariablesPage), m_model(new SettingsPage(SettingsPage::Part::Model)), m_tools(new SettingsPage(SettingsPage::Part::Tools))
{
    setObjectName(u"prompts.editor"_s);
    m_tabs->setObjectName(u"prompts.editor.tabs"_s);
    m_state->setObjectName(u"prompts.editor.state"_s);
    addHeaderNote(*this, m_state);
    for (int i = 0; i < mostChips; ++i) {
        auto *chip = new widgets::Chip;
        chip->hide();
        addToHeader(chip);
        m_chips << chip;
    }
    for (QWidget *page : std::initializer_list<QWidget *> {m_messages, m_variables, m_model, m_tools})
        m_pages->addWidget(page);
    body()->addWidget(m_tabs);
    body()->addWidget(m_pages, 1);
    connect(m_tabs, &widgets::TabStrip::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_messages, &MessagesPage::edited, this, &VersionEditor::edited);
    connect(m_variables, &VariablesPage::edited, this, &VersionEditor::edited);
    connect(m_model, &SettingsPage::edited, this, &VersionEditor::edited);
    connect(m_tools, &SettingsPage::edited, this, &VersionEditor::edited);
}

void VersionEditor::show(const PromptVersion &version, const QString &state, bool editable)
{
    m_state->setText(state);
    m_messages->show(version, editable);
    m_variables->show(version, editable);
    m_model->show(version, editable);
    m_tools->show(version, editable);
    const std::size_t count = gateway::config::variablesOf(version).size();
    m_tabs->setTabs({tr("Messages"), count ? tr("Variables %1").arg(count) : tr("Variables"), tr("Model"), tr("Tools and schema")});
    m_chipTexts = parameterChips(version.parameters);
    if (!version.model.empty())
        m_chipTexts.prepend(bridge::qt(version.model));
    showChips();
}

void VersionEditor::showChips()
{
    for (int i = 0; i < mostChips; ++i) {
        m_chips[i]->setText(m_chipTexts.value(i));
        m_chips[i]->setVisible(i < m_chipTexts.size() && width() >= chipsFrom + 60 * i);
    }
}

void VersionEditor::resizeEvent(QResizeEvent *event)
{
    Card::resizeEvent(event);
    showChips();
}

void VersionEditor::setRoutes(const QStringList &names) { m_model->setRoutes(names); }

void VersionEditor::setProblems(const std::vector<gateway::api::FieldError> &problems)
{
    m_messages->setProblems(problems);
    m_variables->setProblems(problems);
}

void VersionEditor::setMissing(const QSet<QString> &names) { m_messages->setMissing(names); }

void VersionEditor::focusText()
{
    m_tabs->setCurrent(0);
    m_messages->focusFirst();
}

} // namespace ui::prompts
