// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/button.h"

#include <QWidget>

#include <functional>

class QHBoxLayout;
class QPainter;

/// The states every pane and every section of a pane obeys (ui.md section 2, picture 14).
namespace ui::widgets {

/// Nothing there: one picture, one sentence, one button. "No data" and "filtered to nothing" are different texts:
/// give the latter a Clear filter button and no picture.
class EmptyState final : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyState(const QString &sentence, QWidget *parent = nullptr);
    void setSentence(const QString &sentence);
    void setNote(const QString &note);
    void setPicture(bool picture);   ///< the signal at a track; on by default
    Button *setAction(Icon icon, const QString &text, Button::Kind kind = Button::Kind::Primary);

Q_SIGNALS:
    void actionTriggered();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    class Label *m_sentence;
    class Label *m_note;
    Button *m_action = nullptr;
    QWidget *m_pictureSpace;
};

/// Grey blocks in fixed places, shown after 150 ms of waiting; after 2 s a line and Cancel below.
class SkeletonView final : public QWidget
{
    Q_OBJECT
public:
    enum class Shape {
        Rows,  ///< of a table
        Chart, ///< labels at the left, hills beside them
    };
    void setShape(Shape shape);
    explicit SkeletonView(int rowHeight = 24, QWidget *parent = nullptr);
    /// Starts waiting: invisible at first. @param what the line after 2 s; empty: another section has it, with the Cancel
    void begin(const QString &what);
    void setProgress(double share);   ///< 0 to 1; unknown: negative
    void end();
    [[nodiscard]] bool waiting() const { return m_waiting; }

Q_SIGNALS:
    void cancelled();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintRows(QPainter *painter, int bottom) const;
    void paintHills(QPainter *painter, int bottom) const;

    int m_rowHeight;
    Shape m_shape = Shape::Rows;
    bool m_waiting = false;
    bool m_blocks = false;
    class QTimer *m_delay;
    class QTimer *m_long;
    QWidget *m_footer;
    class Label *m_text;
    class QProgressBar *m_bar;
};

/// An error in the section that failed: what, cause, last good time, Retry, Copy details. Dim the stale data below it
/// with setDimmed().
class SectionBanner final : public QWidget
{
    Q_OBJECT
public:
    enum class Kind { Error, Warning, Info, Success };
    explicit SectionBanner(Kind kind = Kind::Error, QWidget *parent = nullptr);
    void setContent(const QString &headline, const QString &detail = {}, const QString &aside = {});
    void setKind(Kind kind);
    [[nodiscard]] QString headline() const;
    Button *addAction(Icon icon, const QString &text, Button::Kind kind = Button::Kind::Plain);
    /// Adds Retry (emits retried()) and Copy details (headline and detail to the clipboard).
    void addRetry();
    void setAside(const QString &text);   ///< at the right of the actions: "tries again in 8 s"

Q_SIGNALS:
    void retried();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Kind m_kind;
    class Label *m_headline;
    class Label *m_detail;
    class Label *m_lastGood;
    class Label *m_aside;
    QWidget *m_actionRow;
    QHBoxLayout *m_actions;
};

/// Stale data is shown at 45 % until it is good again.
void setDimmed(QWidget *widget, bool dimmed);

/// "3 selected" with actions and a cross; in the place of a table's bar while rows are selected.
class SelectionBar final : public QWidget
{
    Q_OBJECT
public:
    explicit SelectionBar(QWidget *parent = nullptr);
    void setCount(int count);             ///< hides at 0
    Button *addAction(Icon icon, const QString &text);

Q_SIGNALS:
    void cleared();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    class Label *m_text;
    QHBoxLayout *m_row;
};

} // namespace ui::widgets
