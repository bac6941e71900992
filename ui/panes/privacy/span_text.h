// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

#include <functional>
#include <string>

namespace ui::privacy {

/// Where in a QString the bytes of its UTF-8 text stand.
class ByteOffsets
{
public:
    explicit ByteOffsets(const std::string &utf8) : m_text(utf8) {}
    /// @param byte  not before the one asked last
    int letterAt(std::size_t byte);

private:
    const std::string &m_text;
    std::size_t m_byte = 0;
    int m_letter = 0;
};

/// A text with stretches that are marked: underlined where something was found, edged where something stands in its place.
/// What is marked keeps its place while the text around it is edited.
class SpanText final : public QPlainTextEdit
{
    Q_OBJECT
public:
    enum class Mark { Underline, Edge };
    struct Span
    {
        int from = 0, to = 0;  ///< in letters
        int series = 0;        ///< of ThemeColors::series
        QString note;          ///< tool tip
    };

    explicit SpanText(Mark mark, QWidget *parent = nullptr);
    void setSpans(const QList<Span> &spans);
    [[nodiscard]] const QList<Span> &spans() const { return m_spans; }
    [[nodiscard]] QString textOf(int span) const;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void applyColors();
    /// Calls draw(rectangle, whether it begins the span) for each piece of a span on one line.
    void forEachPiece(const QTextCursor &span, const std::function<void(const QRectF &, bool)> &draw) const;

    Mark m_mark;
    QList<Span> m_spans;
    QList<QTextCursor> m_cursors; ///< of the spans: they follow edits
};

} // namespace ui::privacy
