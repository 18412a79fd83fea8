/* Answers each HTTP request with the same 200, on one thread: the target of bench:load where there is no nginx. server PORT */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define MOST_SOCKETS 4096

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Pod-Name: pod-a\r\n"
                             "Content-Length: 64\r\nConnection: keep-alive\r\n\r\n"
                             "0123456789012345678901234567890123456789012345678901234567890123";

/* How much of the blank line that ends a head each socket has had. */
static unsigned char matched[MOST_SOCKETS];

static void stop(const char *what) {
  perror(what);
  exit(1);
}

static void watch(int loop, int socket) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
  if (epoll_ctl(loop, EPOLL_CTL_ADD, socket, &event) < 0) stop("epoll_ctl");
}

static void accept_one(int loop, int listener) {
  int yes = 1, socket = accept(listener, NULL, NULL);
  if (socket < 0) return;
  if (socket >= MOST_SOCKETS) {
    close(socket);
    return;
  }
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  matched[socket] = 0;
  watch(loop, socket);
}

/* Requests have no bodies here: each blank line is the end of one. */
static void serve(int socket) {
  static char bytes[65536];
  ssize_t length = read(socket, bytes, sizeof bytes);
  if (length <= 0) {
    if (length == 0 || errno != EINTR) close(socket);
    return;
  }
  for (ssize_t at = 0; at < length; at++) {
    unsigned char *state = &matched[socket];
    if (bytes[at] == "\r\n\r\n"[*state]) (*state)++;
    else *state = bytes[at] == '\r';
    if (*state < 4) continue;
    *state = 0;
    if (write(socket, answer, sizeof answer - 1) < 0) {
      close(socket);
      return;
    }
  }
}

int main(int count, char **words) {
  int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0), loop = epoll_create1(0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(count > 1 ? atoi(words[1]) : 0)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) stop("bind");
  if (listen(listener, 512) < 0) stop("listen");
  watch(loop, listener);
  for (;;) {
    struct epoll_event events[256];
    int ready = epoll_wait(loop, events, 256, -1);
    for (int at = 0; at < ready; at++) {
      if (events[at].data.fd == listener) accept_one(loop, listener);
      else serve(events[at].data.fd);
    }
  }
}
