// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/audit_detail.h"

#include "gateway/config/entry_texts.h"
#include "ui/bridge/text.h"
#include "ui/panes/changes_view.h"
#include "ui/panes/settings/audit_words.h"
#include "ui/widgets/button.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

using bridge::qt;
using gateway::config::Change;
using gateway::config::Config;
using widgets::Icon;
using widgets::Label;

Change::Kind changeKind(const gateway::AuditEntry &entry)
{
    return entry.action == gateway::audit_action::created ? Change::Kind::Added : entry.action == gateway::audit_action::deleted ? Change::Kind::Removed : Change::Kind::Changed;
}

} // namespace

AuditDetail::AuditDetail(gateway::api::Gateway &gateway, QWidget *parent)
    : Panel(widgets::Role::Surface, Qt::TopEdge, parent), m_gateway(gateway), m_title(new widgets::StateLabel), m_facts(new Label(Label::Kind::Secondary)),
      m_goBack(new widgets::Button(Icon::Undo, tr("Go back to this version…"))), m_sentences(new Label(Label::Kind::Body)), m_stack(new QStackedWidget), m_scroll(new QScrollArea),
      m_diff(new widgets::DiffView), m_changes(new panes::ChangesView)
{
    setObjectName(u"settings.audit.detail"_s);
    m_diff->setObjectName(u"settings.audit.diff"_s);
    m_goBack->setObjectName(u"settings.audit.goBack"_s);
    m_sentences->setObjectName(u"settings.audit.sentences"_s);
    m_sentences->setWordWrap(true);
    m_sentences->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_scroll->setAccessibleName(tr("What differs"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    auto *inside = new QWidget;
    auto *insideColumn = new QVBoxLayout(inside);
    insideColumn->setContentsMargins(0, 0, 0, 0);
    insideColumn->addWidget(m_diff);
    insideColumn->addStretch(1);
    m_scroll->setWidget(inside);
    m_stack->addWidget(new QWidget);
    m_stack->addWidget(m_scroll);
    m_stack->addWidget(m_changes);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 10, 12, 12);
    column->setSpacing(8);
    column->addWidget(makeHeader());
    column->addWidget(m_sentences);
    column->addWidget(m_stack, 1);
    connect(m_goBack, &QPushButton::clicked, this, [this] {
        if (m_entry)
            Q_EMIT goBackWanted(m_entry->revision);
    });
    connect(&m_gateway, &gateway::api::Gateway::configApplied, this, &AuditDetail::showGoBack);
    clear();
}

QWidget *AuditDetail::makeHeader()
{
    auto *header = new QWidget;
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(m_title);
    words->addWidget(m_facts);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addLayout(words, 1);
    row->addWidget(m_goBack, 0, Qt::AlignTop);
    return header;
}

void AuditDetail::clear()
{
    m_entry.reset();
    ++m_generation;
    m_title->setState(Icon::Info, widgets::Role::Muted, tr("Choose a change to see what it did."));
    m_facts->setText({});
    m_sentences->hide();
    m_stack->setCurrentIndex(0);
    showGoBack();
}

void AuditDetail::setEntry(const gateway::AuditEntry &entry)
{
    if (m_entry == entry)
        return;
    m_entry = entry;
    ++m_generation;
    showHead();
    showGoBack();
    showSaid();
    askTexts();
}

void AuditDetail::showHead()
{
    m_title->setState(actionIcon(*m_entry), actionRole(*m_entry), tr("%1 %2", "what, and what was done: Provider openai changed").arg(subjectWords(*m_entry), actionWords(*m_entry)), true);
    const QString from = fromWords(*m_entry);
    QStringList facts {tr("entry %1").arg(widgets::count(m_entry->row)), tr("%1 %2", "day and time").arg(widgets::dayText(m_entry->at), widgets::timeOfDay(m_entry->at)), whoWords(m_entry->author)};
    if (!from.isEmpty())
        facts << tr("from %1").arg(from);
    if (madeRevision(*m_entry))
        facts << tr("made version %1").arg(m_entry->revision);
    m_facts->setText(facts.join(u" · "_s));
    m_facts->setToolTip(widgets::dateTimeUtc(m_entry->at));
}

void AuditDetail::showGoBack()
{
    const bool made = m_entry && madeRevision(*m_entry);
    const bool now = made && m_entry->revision == m_gateway.revision().number;
    m_goBack->setVisible(made);
    m_goBack->setEnabled(made && !now);
    m_goBack->setToolTip(now ? tr("This is the version that holds now.") : tr("Shows first what that would change. It can be undone."));
    m_goBack->setAccessibleDescription(m_goBack->toolTip());
}

void AuditDetail::showSaid()
{
    const SaidChange said = saidBy(*m_entry);
    m_sentences->setText(said.sentences.join(u'\n'));
    m_sentences->setVisible(!said.sentences.isEmpty());
    m_stack->setCurrentIndex(0);
    showDiff(said.before, said.after);
}

void AuditDetail::showDiff(const QString &before, const QString &after)
{
    if (before == after)
        return;
    m_diff->setTexts(before, after);
    m_stack->setCurrentWidget(m_scroll);
}

/// Both versions, one after the other; where one cannot be had, what the entry says stays.
void AuditDetail::askTexts()
{
    if (!madeRevision(*m_entry))
        return;
    m_gateway.configAt(m_entry->revision, this, [this, generation = m_generation](const gateway::Result<Config> &after) {
        if (generation != m_generation || !after)
            return;
        if (m_entry->revision == 1) {
            showTexts({}, *after);
            return;
        }
        m_gateway.configAt(m_entry->revision - 1, this, [this, generation, then = *after](const gateway::Result<Config> &before) {
            if (generation == m_generation && before)
                showTexts(*before, then);
        });
    });
}

void AuditDetail::showTexts(const Config &before, const Config &after)
{
    if (m_entry->kind == "configuration") {
        m_changes->setChanges(before, after, panes::ChangesView::Secrets::Apart);
        if (m_changes->count() > 0)
            m_stack->setCurrentWidget(m_changes);
        return;
    }
    const auto texts = gateway::config::textsOf({.kind = changeKind(*m_entry), .subject = m_entry->kind, .name = m_entry->name}, before, after);
    if (texts.before == texts.after)
        return;
    showDiff(qt(texts.before), qt(texts.after));
    QStringList secrets; // which no text has: that they changed stays said
    for (const QString &sentence : saidBy(*m_entry).sentences)
        if (sentence.endsWith(u" changed"_s))
            secrets << sentence;
    m_sentences->setText(secrets.join(u'\n'));
    m_sentences->setVisible(!secrets.isEmpty());
}

} // namespace ui::settings
