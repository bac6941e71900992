// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/settings_pane.h"

#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/settings/audit_page.h"
#include "ui/panes/settings/collector_line.h"
#include "ui/panes/settings/configuration_lines.h"
#include "ui/panes/settings/full_text_line.h"
#include "ui/panes/settings/setting_row.h"
#include "ui/panes/settings/setting_table.h"
#include "ui/panes/settings/sinks_line.h"
#include "ui/panes/settings/tokens_line.h"
#include "ui/widgets/button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

using bridge::qt;
using widgets::Button;
using widgets::Card;
using widgets::Icon;
using widgets::Label;
using widgets::ThemeMode;

constexpr int sectionsWidth = 224;
constexpr int cardsWidth = 860;

} // namespace

SettingsPane::SettingsPane(const panes::PaneContext &context, QWidget *parent)
    : Pane(context, parent), m_search(new widgets::SearchField(tr("Search settings"))), m_sections(new QWidget), m_sectionsLayout(new QVBoxLayout(m_sections)),
      m_pages(new QStackedWidget), m_scroll(new QScrollArea), m_cards(new QVBoxLayout), m_nothing(new widgets::EmptyState(tr("No setting matches.")))
{
    setObjectName(u"settings"_s);
    setUpFrame();
    addAppearance();
    addGatewaySections();
    addTelemetry();
    addAccess();
    addMail();
    addAudit();
    addConfiguration();
    addAbout();
    m_sectionsLayout->addStretch();
    m_cards->addWidget(m_nothing);
    m_cards->addStretch();
    connect(m_search, &widgets::SearchField::searchChanged, this, &SettingsPane::search);
    connect(&gateway(), &gateway::api::Gateway::configApplied, this, &SettingsPane::refresh);
    connect(&gateway(), &gateway::api::Gateway::listenerChanged, this, &SettingsPane::refresh);
    refresh();
}

void SettingsPane::setUpFrame()
{
    m_search->setObjectName(u"settings.search"_s);
    auto *left = new widgets::Panel(widgets::Role::Surface, Qt::RightEdge);
    left->setFixedWidth(sectionsWidth);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(12, 12, 12, 12);
    leftLayout->setSpacing(12);
    leftLayout->addWidget(m_search);
    m_sectionsLayout->setContentsMargins(0, 0, 0, 0);
    m_sectionsLayout->setSpacing(2);
    leftLayout->addWidget(m_sections, 1);

    auto *page = new QWidget;
    auto *column = new QWidget;
    column->setMaximumWidth(cardsWidth);
    column->setLayout(m_cards);
    m_cards->setContentsMargins(0, 0, 0, 0);
    m_cards->setSpacing(8);
    auto *pageLayout = new QHBoxLayout(page);
    pageLayout->setContentsMargins(16, 12, 16, 12);
    pageLayout->addWidget(column, 1);
    pageLayout->addStretch();
    m_scroll->setAccessibleName(tr("Settings"));
    m_scroll->setWidget(page);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_nothing->setAction(Icon::Close, tr("Clear search"), Button::Kind::Plain);
    m_nothing->setObjectName(u"settings.nothing"_s);
    m_nothing->hide();
    connect(m_nothing, &widgets::EmptyState::actionTriggered, m_search, &QLineEdit::clear);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(left);
    m_pages->addWidget(m_scroll);
    layout->addWidget(m_pages, 1);
}

Card *SettingsPane::addCard(const QString &section, void (SettingsPane::*show)())
{
    auto *card = new Card(section);
    card->body()->setContentsMargins(0, 0, 0, 8);
    card->body()->setSpacing(0);
    m_cards->addWidget(card);
    auto *button = new Button(Button::Kind::Flat, Icon::None, section);
    m_sectionsLayout->addWidget(button);
    if (show != nullptr)
        connect(button, &QPushButton::clicked, this, show);
    else
        connectSection(button, card);
    m_all.append({card, button, {}});
    return card;
}

/// A click shows the section, Enter goes into it: by Tab all the other sections would come first.
void SettingsPane::connectSection(Button *button, Card *card)
{
    connect(button, &QPushButton::clicked, this, [this, card] { scrollTo(card); });
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto *enter = new QShortcut(key, button, nullptr, nullptr, Qt::WidgetShortcut);
        connect(enter, &QShortcut::activated, this, [this, card] {
            scrollTo(card);
            for (QWidget *part = card->nextInFocusChain(); part != card; part = part->nextInFocusChain()) {
                if (card->isAncestorOf(part) && part->focusPolicy() & Qt::TabFocus && part->isVisible() && part->isEnabled())
                    return part->setFocus(Qt::TabFocusReason);
            }
        });
    }
}

void SettingsPane::addLine(Card *card, SettingLine *line)
{
    card->body()->addWidget(line);
    m_all.last().lines.append(line);
}

void SettingsPane::addAppearance()
{
    Card *card = addCard(tr("Appearance"));
    auto *line = new SettingLine(tr("Theme"), tr("System follows the desktop."), u"dark light colour appearance"_s);
    line->setObjectName(u"settings.theme"_s);
    auto *choice = new widgets::SegmentedControl({tr("System"), tr("Light"), tr("Dark")});
    choice->setObjectName(u"settings.theme.choice"_s);
    choice->setAccessibleName(tr("Theme"));
    widgets::Theme *theme = context().theme;
    choice->setEnabled(theme != nullptr);
    choice->setCurrent(theme ? static_cast<int>(theme->mode()) : 0);
    connect(choice, &widgets::SegmentedControl::currentChanged, this, [this, theme](int index) {
        theme->setMode(static_cast<ThemeMode>(index));
        if (context().settings)
            context().settings->setValue(u"appearance/theme"_s, widgets::toText(theme->mode()));
    });
    if (theme)
        connect(theme, &widgets::Theme::changed, choice, [choice, theme] { choice->setCurrent(static_cast<int>(theme->mode())); });
    line->setField(choice);
    addLine(card, line);
}

void SettingsPane::addGatewaySections()
{
    Card *card = nullptr;
    QString section;
    for (const Setting &setting : settingTable()) {
        if (setting.section != section) {
            section = setting.section;
            card = addCard(section);
        }
        auto *row = new SettingRow(setting, gateway(), view());
        m_rows.append(row);
        addLine(card, row);
        if (setting.id == u"log.full_text"_s) {
            m_fullText = new FullTextLine(gateway());
            addLine(card, m_fullText);
        }
    }
}

void SettingsPane::addTelemetry()
{
    Card *card = addCard(tr("Log elsewhere"));
    addLine(card, new CollectorLine(gateway(), view()));
    addLine(card, new SinksLine(gateway(), view()));
}

void SettingsPane::addAccess()
{
    addLine(addCard(tr("Admin access")), new TokensLine(gateway(), view()));
}

void SettingsPane::addAudit()
{
    const QString title = tr("Who changed what");
    Card *card = addCard(title, &SettingsPane::showAudit);
    auto *line = new SettingLine(tr("Every change of the configuration"), tr("Who made it, when, from where, and what differs; and the way back to an earlier version. Nothing can be taken out of this list."),
                                 u"audit log history versions revisions rollback undo chain "_s + title);
    line->setObjectName(u"settings.auditLine"_s);
    auto *show = new Button(Icon::Clock, tr("Show who changed what"));
    show->setObjectName(u"settings.showAudit"_s);
    connect(show, &QPushButton::clicked, this, &SettingsPane::showAudit);
    line->setField(show);
    addLine(card, line);
    m_auditButton = m_all.last().button;
    m_auditButton->setObjectName(u"settings.auditSection"_s);
    m_auditButton->setCheckable(true);
}

/// The form is with the alerts: they are what sends e-mails.
void SettingsPane::addMail()
{
    auto *line = new SettingLine(tr("Mail server"), tr("By which alerts send e-mails."), u"smtp email mail alerts"_s);
    line->setObjectName(u"settings.mail"_s);
    auto *open = new Button(Icon::Edit, tr("Change the mail server"));
    open->setObjectName(u"settings.openMail"_s);
    connect(open, &QPushButton::clicked, this, [this] { view().openPane(u"alerts"_s, u"smtp"_s); });
    line->setField(open);
    addLine(addCard(tr("E-mail")), line);
}

void SettingsPane::scrollTo(const Card *card)
{
    showCards();
    m_scroll->verticalScrollBar()->setValue(card->y());
}

bool SettingsPane::auditShown() const { return m_audit && m_pages->currentWidget() == m_audit; }

void SettingsPane::showAudit()
{
    if (!m_audit) {
        m_audit = new AuditPage(gateway(), view());
        m_pages->addWidget(m_audit);
    }
    m_auditButton->setChecked(true);
    m_pages->setCurrentWidget(m_audit);
    m_audit->setActive(active());
    m_audit->setFocus();
}

void SettingsPane::showCards()
{
    m_auditButton->setChecked(false);
    m_pages->setCurrentWidget(m_scroll);
    if (m_audit)
        m_audit->setActive(false);
}

void SettingsPane::addConfiguration()
{
    Card *card = addCard(tr("Data and backup"));
    auto *storage = new StorageLine(gateway());
    addLine(card, storage);
    addLine(card, new FileLine(gateway(), view()));
}

void SettingsPane::addAbout()
{
    Card *card = addCard(tr("About"));
    auto *line = new SettingLine(tr("Signalbox %1").arg(QStringLiteral(SIGNALBOX_VERSION)),
                                 tr("A native LLM gateway. Free software under the GNU General Public License, version 3 or later; it comes with no warranty."), u"version licence gpl about"_s);
    line->setObjectName(u"settings.about"_s);
    auto *firstRun = new Button(Button::Kind::Plain, Icon::Play, tr("Make the first call…"));
    connect(firstRun, &QPushButton::clicked, this, [this] { view().openPane(u"firstrun"_s); });
    line->setField(firstRun);
    addLine(card, line);
}

void SettingsPane::search(const QString &words)
{
    if (!words.isEmpty())
        showCards();
    bool any = false;
    for (const Section &section : m_all) {
        bool inSection = false;
        for (SettingLine *line : section.lines) {
            const bool shown = line->matches(words) && (line != m_fullText || m_fullText->isOn());
            line->setVisible(shown);
            inSection = inSection || shown;
        }
        section.card->setVisible(inSection);
        section.button->setEnabled(inSection);
        any = any || inSection;
    }
    m_nothing->setVisible(!any);
}

void SettingsPane::refresh()
{
    const auto config = gateway().config();
    const bool anyOwned = !config->fileSettings.empty();
    if (anyOwned && m_ownerFile.isEmpty()) {
        m_ownerFile = tr("the --config file");
        bridge::askFileOwner(gateway(), this, [this](const QString &file) {
            m_ownerFile = file;
            refresh();
        });
    }
    for (SettingRow *row : m_rows) {
        row->refresh(config->fileSettings.contains(bridge::utf8(row->setting().id)) ? m_ownerFile : QString());
        if (row->setting().id == u"listen"_s)
            row->showListener();
    }
    m_fullText->setVisible(m_fullText->isOn() && m_fullText->matches(m_search->text()));
}

void SettingsPane::deactivated()
{
    if (m_audit)
        m_audit->setActive(false);
}

void SettingsPane::activated()
{
    refresh();
    if (m_audit)
        m_audit->setActive(auditShown());
    if (auto *storage = findChild<StorageLine *>())
        storage->refresh();
}

QList<panes::PaletteEntry> SettingsPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries {{.section = tr("Settings"), .icon = Icon::Clock, .text = tr("Who changed what"), .note = tr("the audit log"), .keys = {}, .run = [this] { view().openPane(u"settings"_s, u"audit"_s); }}};
    for (const SettingRow *row : m_rows) {
        const QString label = row->setting().label;
        entries.append({.section = tr("Settings"), .icon = Icon::Settings, .text = label, .note = row->setting().section, .keys = {}, .run = [this, label] { view().openPane(u"settings"_s, label); }});
    }
    return entries;
}

void SettingsPane::openItem(const QString &item)
{
    if (item == u"audit"_s)
        showAudit();
    else
        m_search->setText(item);
}

void SettingsPane::focusSearch()
{
    if (auditShown())
        m_audit->focusSearch();
    else
        m_search->setFocus(Qt::ShortcutFocusReason);
}

} // namespace ui::settings
