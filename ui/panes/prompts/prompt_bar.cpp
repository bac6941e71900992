// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/prompt_bar.h"

#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using widgets::Button;
using widgets::Icon;
using widgets::Label;

PromptBar::PromptBar(QWidget *parent)
    : Panel(widgets::Role::Surface, Qt::BottomEdge, parent), m_name(new Label(Label::Kind::Strong)), m_lock(new Label(Label::Kind::Secondary)), m_path(new widgets::ElidedLabel),
      m_undo(Button::iconOnly(Icon::Undo, tr("Undo"))), m_redo(Button::iconOnly(Icon::Redo, tr("Redo"))), m_discard(new Button(Button::Kind::Link, Icon::None, tr("Discard"))),
      m_code(new Button(Icon::Terminal, tr("Use in code"))), m_diff(new Button(Icon::Diff, tr("Diff"))), m_save(new Button(Button::Kind::Primary, Icon::None, tr("Save"))), m_more(Button::iconOnly(Icon::More, tr("More actions"))), m_menu(new QMenu(this))
{
    setFixedHeight(44);
    m_name->setObjectName(u"prompts.title"_s);
    m_name->setMinimumWidth(60); // a long name gives way
    m_lock->setObjectName(u"prompts.lock"_s);
    m_undo->setObjectName(u"prompts.undo"_s);
    m_redo->setObjectName(u"prompts.redo"_s);
    m_discard->setObjectName(u"prompts.discard"_s);
    m_code->setObjectName(u"prompts.code.open"_s);
    m_diff->setObjectName(u"prompts.diff.open"_s);
    m_save->setObjectName(u"prompts.save"_s);
    m_more->setObjectName(u"prompts.more"_s);
    m_diff->setCheckable(true);
    m_diff->setKeyHint(u"Ctrl+D"_s);
    m_save->setKeyHint(u"Ctrl+S"_s);
    m_discard->setSmall(true);
    m_discard->setToolTip(tr("Throws away what is not saved"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 12, 1);
    row->setSpacing(8);
    row->addWidget(m_name);
    row->addWidget(m_path, 1);
    row->addWidget(m_lock);
    for (Button *button : {m_discard, m_undo, m_redo, m_code, m_diff, m_save, m_more})
        row->addWidget(button);
    m_rename = m_menu->addAction(widgets::themedIcon(Icon::Edit), tr("Rename or move…"), QKeySequence(), this, &PromptBar::renameWanted);
    m_menu->addAction(widgets::themedIcon(Icon::Duplicate), tr("Duplicate…"), this, &PromptBar::duplicateWanted);
    m_menu->addAction(widgets::themedIcon(Icon::Copy), tr("Copy as JSON"), this, &PromptBar::copyWanted);
    m_menu->addSeparator();
    m_remove = m_menu->addAction(widgets::themedIcon(Icon::Trash), tr("Delete"), this, &PromptBar::removeWanted);
    connect(m_more, &QPushButton::clicked, this, [this] { m_menu->popup(m_more->mapToGlobal(QPoint(m_more->width() - m_menu->sizeHint().width(), m_more->height() + 2))); });
    connect(m_code, &QPushButton::clicked, this, &PromptBar::codeWanted);
    connect(m_diff, &QPushButton::toggled, this, &PromptBar::diffToggled);
    connect(m_save, &QPushButton::clicked, this, &PromptBar::saveWanted);
    connect(m_discard, &QPushButton::clicked, this, &PromptBar::discardWanted);
    connect(m_undo, &QPushButton::clicked, this, &PromptBar::undoWanted);
    connect(m_redo, &QPushButton::clicked, this, &PromptBar::redoWanted);
    showNothing();
}

void PromptBar::showNothing()
{
    m_name->setText(tr("Prompts"));
    m_path->setText({});
    for (QWidget *widget : std::initializer_list<QWidget *> {m_lock, m_discard, m_undo, m_redo, m_code, m_diff, m_save, m_more})
        widget->hide();
}

void PromptBar::show(const State &state)
{
    m_name->setText(state.name);
    m_path->setText(state.path == state.name ? QString() : state.path);
    m_lock->setText(tr("Set by %1, edit it there").arg(state.lock));
    m_lock->setVisible(!state.lock.isEmpty());
    const bool mine = state.lock.isEmpty();
    m_discard->setVisible(mine && state.writing && state.writes);
    m_undo->setVisible(mine && state.writes && (state.canUndo || state.canRedo));
    m_redo->setVisible(m_undo->isVisibleTo(this));
    m_undo->setEnabled(state.canUndo);
    m_redo->setEnabled(state.canRedo);
    m_undo->setToolTip(state.canUndo ? tr("Undo: %1 (Ctrl+Z)").arg(state.undoText) : tr("Nothing to undo"));
    m_redo->setToolTip(state.canRedo ? tr("Redo: %1 (Ctrl+Y)").arg(state.redoText) : tr("Nothing to redo"));
    m_code->setVisible(state.stored);
    m_diff->setVisible(state.writes);
    m_save->setVisible(mine && state.writes);
    m_save->setText(tr("Save as v%1").arg(state.next));
    m_save->setEnabled(state.blocked.isEmpty());
    m_save->setToolTip(state.blocked.isEmpty() ? tr("Saves it as a version that never changes; labels stay where they are") : state.blocked);
    m_save->setAccessibleDescription(m_save->toolTip());
    m_more->setVisible(state.stored);
    m_rename->setEnabled(mine);
    m_remove->setEnabled(mine);
}

} // namespace ui::prompts
