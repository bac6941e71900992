// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/problem_note.h"

#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"

#include <QKeyEvent>
#include <QTimer>
#include <QVBoxLayout>

#include <chrono>

namespace ui::widgets {

namespace {

constexpr const char *hasNote = "hasProblemNote";
constexpr int noteGap = 2;
constexpr std::chrono::milliseconds typingPause {500}; // half a word is no mistake yet

/// Keeps the note as the field's mark is.
class NoteKeeper final : public QObject
{
public:
    NoteKeeper(QWidget *field, Label *note) : QObject(note), m_field(field), m_note(note)
    {
        m_typing.setSingleShot(true);
        m_typing.setInterval(typingPause);
        m_typing.callOnTimeout(this, [this] { show(); });
        field->installEventFilter(this);
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        switch (event->type()) {
        case QEvent::KeyPress: typed(static_cast<QKeyEvent *>(event)->key()); break;
        case QEvent::FocusOut: m_typing.stop(); [[fallthrough]];
        case QEvent::ToolTipChange: // other words
        case QEvent::DynamicPropertyChange: // marked, or no more
        case QEvent::ShowToParent:
        case QEvent::HideToParent:
            if (!m_typing.isActive() || !wanted())
                show();
            break;
        default: break;
        }
        return QObject::eventFilter(watched, event);
    }

private:
    [[nodiscard]] bool wanted() const { return isInvalid(m_field) && !m_field->isHidden(); }

    void typed(int key)
    {
        if (key != Qt::Key_Return && key != Qt::Key_Enter)
            return m_typing.start();
        m_typing.stop();
        show();
    }

    void show()
    {
        m_note->setText(wanted() ? m_field->toolTip() : QString());
        m_note->setVisible(wanted());
    }

    QWidget *m_field;
    Label *m_note;
    QTimer m_typing; ///< runs while it goes on
};

} // namespace

Label *makeProblemNote(QWidget *field)
{
    auto *note = new Label(Label::Kind::Note);
    note->setRole(Role::Err);
    note->setWordWrap(true);
    note->hide();
    new NoteKeeper(field, note);
    field->setProperty(hasNote, true);
    return note;
}

QVBoxLayout *withProblemNote(QWidget *field, QWidget *part)
{
    auto *column = new QVBoxLayout; // no row of a grid: its spacing would stay where nothing is wrong
    column->setSpacing(noteGap);
    column->addWidget(part ? part : field);
    auto *note = makeProblemNote(field);
    if (!field->objectName().isEmpty())
        note->setObjectName(field->objectName() + QStringLiteral(".problem"));
    column->addWidget(note);
    return column;
}

bool tellsProblem(const QWidget *field) { return field->property(hasNote).toBool() && isInvalid(field) && !field->isHidden(); }

} // namespace ui::widgets
