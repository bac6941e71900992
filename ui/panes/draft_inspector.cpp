// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/draft_inspector.h"

#include "ui/bridge/text.h"
#include "ui/panes/draft_footer.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QCheckBox>
#include <QScrollArea>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace ui::panes {

using widgets::Button;
using widgets::Label;
using widgets::Role;

namespace {

constexpr int mostErrors = 3;

} // namespace

DraftInspector::DraftInspector(bridge::ConfigDraft &draft, const QString &name, const QStringList &tabs, const QString &nothing, QWidget *parent)
    : Panel(Role::Surface, Qt::LeftEdge, parent), m_draft(draft), m_title(new Label(Label::Kind::Strong)), m_on(new QCheckBox(tr("On"))), m_remove(Button::iconOnly(widgets::Icon::Trash, tr("Remove it (Del)"), nullptr, Button::Kind::Flat)),
      m_tabs(new widgets::TabStrip(tabs)), m_pages(new QStackedWidget), m_nothing(new widgets::EmptyState(nothing)), m_footer(new DraftFooter(draft, name)), m_lock(new Label(Label::Kind::Secondary)), m_errors(new Label(Label::Kind::Secondary))
{
    setObjectName(name + u".inspector"_s);
    for (const auto &[part, its] : std::initializer_list<std::pair<QWidget *, QString>> {{m_title, u".title"_s}, {m_on, u".on"_s}, {m_remove, u".remove"_s}, {m_tabs, u".tabs"_s}, {m_lock, u".lock"_s}, {m_errors, u".errors"_s}})
        part->setObjectName(name + its);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_remove->setSmall(true);
    m_nothing->setPicture(false);
    m_pages->addWidget(m_nothing);
    m_lock->setWordWrap(true);
    m_errors->setRole(Role::Err);
    m_errors->setWordWrap(true);
    m_errors->setContentsMargins(16, 8, 16, 8);
    m_errors->hide();
    connect(m_on, &QCheckBox::clicked, this, &DraftInspector::switchWanted);
    connect(m_remove, &QPushButton::clicked, this, &DraftInspector::removeWanted);
    connect(m_footer, &DraftFooter::saveWanted, this, &DraftInspector::saveWanted);
    connect(m_tabs, &widgets::TabStrip::currentChanged, this, &DraftInspector::refresh);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &DraftInspector::refresh);
}

QScrollArea *DraftInspector::addPage(QWidget *page, QWidget *below)
{
    auto *surface = new Panel;
    auto *column = new QVBoxLayout(surface);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(page);
    if (below)
        column->addWidget(below);
    column->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(surface);
    m_pages->addWidget(scroll);
    return scroll;
}

void DraftInspector::layOut(const QWidgetList &head)
{
    m_head = head;
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_title, 1);
    for (QWidget *part : head)
        row->addWidget(part);
    auto *header = new QVBoxLayout;
    header->setContentsMargins(16, 8, 12, 4);
    header->setSpacing(2);
    header->addLayout(row);
    header->addWidget(m_lock);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(header);
    column->addWidget(m_tabs);
    column->addWidget(m_pages, 1);
    column->addWidget(m_errors);
    column->addWidget(m_footer);
}

void DraftInspector::setFileName(const QString &name)
{
    m_file = name;
    refresh();
}

void DraftInspector::setTab(int tab) { m_tabs->setCurrent(tab); }

bool DraftInspector::maySave() const { return m_footer->maySave(); }

void DraftInspector::clearHead()
{
    for (QWidget *part : m_head)
        part->hide();
    m_lock->hide();
}

void DraftInspector::showLock(bool locked)
{
    m_lock->setVisible(locked);
    m_lock->setText(tr("Set by %1, edit it there").arg(m_file.isEmpty() ? tr("the --config file") : m_file));
}

void DraftInspector::showChosen(const QString &title, bool on, bool editable)
{
    m_title->setText(title);
    m_on->setVisible(true);
    m_on->setEnabled(editable);
    m_on->setChecked(on);
    m_remove->setVisible(editable);
}

void DraftInspector::showProblemsBeside(const QString &field)
{
    QStringList errors;
    for (const auto &problem : m_draft.problems()) {
        if (!problem.warning && !bridge::qt(problem.field).startsWith(field))
            errors << bridge::qt(problem.message);
    }
    m_errors->setVisible(!errors.isEmpty());
    m_errors->setText(errors.size() <= mostErrors ? errors.join(u'\n') : tr("%1\nand %2 more").arg(errors.mid(0, mostErrors).join(u'\n')).arg(errors.size() - mostErrors));
}

} // namespace ui::panes
