// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/draft_footer.h"

#include "ui/widgets/elided_label.h"

using namespace Qt::StringLiterals;

namespace ui::panes {

namespace {

using widgets::Button;
using widgets::Icon;

constexpr int footerHeight = 44;

} // namespace

DraftFooter::DraftFooter(bridge::ConfigDraft &draft, const QString &prefix, QWidget *parent)
    : Panel(widgets::Role::Surface, Qt::TopEdge, parent), m_draft(draft), m_state(new widgets::ElidedLabel), m_undo(Button::iconOnly(Icon::Undo, tr("Undo (Ctrl+Z)"), nullptr, Button::Kind::Flat)),
      m_redo(Button::iconOnly(Icon::Redo, tr("Redo (Ctrl+Y)"), nullptr, Button::Kind::Flat)), m_revert(new Button(tr("Revert"))), m_save(new Button(Button::Kind::Primary, Icon::None, tr("Save")))
{
    setFixedHeight(footerHeight);
    for (const auto &[part, name] : std::initializer_list<std::pair<QWidget *, QString>> {{m_state, u".state"_s}, {m_undo, u".undo"_s}, {m_redo, u".redo"_s}, {m_revert, u".revert"_s}, {m_save, u".save"_s}})
        part->setObjectName(prefix + name);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 12, 0);
    row->setSpacing(4);
    row->addWidget(m_state, 1);
    row->addWidget(m_undo);
    row->addWidget(m_redo);
    row->addSpacing(4);
    row->addWidget(m_revert);
    row->addSpacing(4);
    row->addWidget(m_save);
    connect(m_undo, &QPushButton::clicked, &m_draft.undoStack(), &QUndoStack::undo);
    connect(m_redo, &QPushButton::clicked, &m_draft.undoStack(), &QUndoStack::redo);
    connect(m_revert, &QPushButton::clicked, &m_draft, &bridge::ConfigDraft::revert);
    connect(m_save, &QPushButton::clicked, this, &DraftFooter::saveWanted);
    connect(&m_draft, &bridge::ConfigDraft::stateChanged, this, &DraftFooter::refresh);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &DraftFooter::refresh);
    refresh();
}

void DraftFooter::setWrong(const QString &why)
{
    m_wrong = why;
    refresh();
}

bool DraftFooter::maySave() const { return m_draft.dirty() && m_draft.valid() && !m_draft.applying() && m_wrong.isEmpty(); }

void DraftFooter::refresh()
{
    const bool dirty = m_draft.dirty();
    const QUndoStack &stack = m_draft.undoStack();
    QString text = tr("Saved");
    if (m_draft.applying())
        text = tr("Saving…");
    else if (dirty && stack.canUndo() && m_draft.changeCount() == 1)
        text = tr("Unsaved: %1").arg(stack.undoText());
    else if (dirty)
        text = m_draft.changeCount() > 1 ? tr("%1 unsaved changes").arg(m_draft.changeCount()) : tr("1 unsaved change");
    m_state->setText(text);
    m_undo->setEnabled(stack.canUndo());
    m_redo->setEnabled(stack.canRedo());
    m_undo->setToolTip(stack.canUndo() ? tr("Undo: %1 (Ctrl+Z)").arg(stack.undoText()) : tr("Nothing to undo"));
    m_redo->setToolTip(stack.canRedo() ? tr("Redo: %1 (Ctrl+Y)").arg(stack.redoText()) : tr("Nothing to redo"));
    m_revert->setEnabled(dirty && !m_draft.applying());
    m_save->setEnabled(maySave());
    m_save->setToolTip(!m_wrong.isEmpty() ? m_wrong : dirty && !m_draft.checking() && !m_draft.valid() ? tr("The gateway would not take it: see the errors") : tr("Save (Ctrl+S): counts from the next call on"));
}

} // namespace ui::panes
